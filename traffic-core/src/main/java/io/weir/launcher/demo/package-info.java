/**
 * What the demonstration needs besides Weir: small nodes that show who they are. Start at {@link
 * io.weir.launcher.demo.DemoNode}. Nothing that serves real traffic may use this.
 */
@NullMarked
package io.weir.launcher.demo;

import org.jspecify.annotations.NullMarked;
