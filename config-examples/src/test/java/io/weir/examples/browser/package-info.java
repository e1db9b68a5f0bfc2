/**
 * The web pages as a person uses them: an installed Weir, looked at with an installed Chromium.
 * Start with {@link io.weir.examples.browser.Page}; a test here says what somebody does and sees,
 * and never how a page is built.
 */
@NullMarked
package io.weir.examples.browser;

import org.jspecify.annotations.NullMarked;
