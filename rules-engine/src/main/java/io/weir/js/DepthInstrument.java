package io.weir.js;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.ContextThreadLocal;
import com.oracle.truffle.api.exception.AbstractTruffleException;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.ExecutionEventNode;
import com.oracle.truffle.api.instrumentation.SourceSectionFilter;
import com.oracle.truffle.api.instrumentation.StandardTags.RootTag;
import com.oracle.truffle.api.instrumentation.TruffleInstrument;

/**
 * Ends rules that call themselves too deeply, long before the stack of the event loop is full. On a
 * full stack nothing could end them any more: the stop would need stack itself, and the rule's own
 * {@code catch} would take the error of the full stack for one of its own and call again.
 *
 * <p>A rule that went too deep once can call nothing any more in that run, so what it has in {@code
 * catch} and {@code finally} comes to nothing too, and the run is over after one step back for each
 * call.
 */
public final class DepthInstrument extends TruffleInstrument {

    static final String ID = "weir-depth";

    /** Calls within calls; one takes up to some 2 KiB of stack, and event loops have 1 MiB. */
    static final int MAX = 200;

    /** How deep a context is on a thread. */
    private static final class Depth {
        private int now;
        private boolean tooDeep;
    }

    private final ContextThreadLocal<Depth> depths =
            locals.createContextThreadLocal((context, thread) -> new Depth());

    /** Does nothing but being there: to ask for it is to put the instrument in force. */
    public record InForce() {}

    private static final class TooDeepException extends AbstractTruffleException {
        private static final long serialVersionUID = 1;

        TooDeepException() {
            super("it calls itself too deeply: more than " + MAX + " calls within calls");
        }
    }

    @Override
    protected void onCreate(Env env) {
        env.getInstrumenter()
                .attachExecutionEventFactory(
                        SourceSectionFilter.newBuilder().tagIs(RootTag.class).build(),
                        at -> new Counting());
        env.registerService(new InForce());
    }

    /** Counts the calls of one function. */
    private final class Counting extends ExecutionEventNode {
        @Override
        protected void onEnter(VirtualFrame frame) {
            Depth depth = depths.get();
            if (++depth.now > MAX || depth.tooDeep) {
                CompilerDirectives.transferToInterpreter();
                depth.tooDeep = true;
                throw new TooDeepException();
            }
        }

        @Override
        protected void onReturnValue(VirtualFrame frame, Object result) {
            left();
        }

        @Override
        protected void onReturnExceptional(VirtualFrame frame, Throwable exception) {
            if (exception instanceof StackOverflowError) {
                // Few calls whose expressions are nested so deeply that they fill the stack.
                depths.get().tooDeep = true;
            }
            left();
        }

        private void left() {
            Depth depth = depths.get();
            if (--depth.now <= 0) {
                depth.now = 0;
                depth.tooDeep = false;
            }
        }
    }
}
