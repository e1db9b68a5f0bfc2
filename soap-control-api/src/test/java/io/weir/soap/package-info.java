/** Tests of the SOAP control API: messages go in as clients write them, answers are looked at. */
@NullMarked
package io.weir.soap;

import org.jspecify.annotations.NullMarked;
