package io.weir.xml;

import net.sf.saxon.expr.XPathContext;
import net.sf.saxon.lib.TraceListener;
import net.sf.saxon.trace.Traceable;

import java.util.Map;

/** Ends a transformation that takes too long, at its next instruction. */
final class Deadline implements TraceListener {

    private final long end;
    private int count;

    /**
     * @param end in the time of {@link System#nanoTime}
     */
    Deadline(long end) {
        this.end = end;
    }

    @Override
    public void enter(Traceable instruction, Map<String, Object> properties, XPathContext context) {
        if ((++count & 63) == 0 && System.nanoTime() - end > 0) {
            throw new IllegalStateException("the transformation took too long");
        }
    }
}
