package io.weir.js;

import com.oracle.truffle.api.CompilerDirectives;
import com.oracle.truffle.api.ContextLocal;
import com.oracle.truffle.api.exception.AbstractTruffleException;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.instrumentation.ExecutionEventNode;
import com.oracle.truffle.api.instrumentation.SourceSectionFilter;
import com.oracle.truffle.api.instrumentation.StandardTags.RootTag;
import com.oracle.truffle.api.instrumentation.StandardTags.StatementTag;
import com.oracle.truffle.api.instrumentation.TruffleInstrument;

/**
 * Counts what rules do: the statements that they execute, and how deep they call. Those that call
 * themselves too deeply are ended long before the stack of the event loop is full. On a full stack
 * nothing could end them any more: the stop would need stack itself, and the rule's own {@code
 * catch} would take the error of the full stack for one of its own and call again.
 *
 * <p>A rule that went too deep once can call nothing any more in that run, so what it has in {@code
 * catch} and {@code finally} comes to nothing too, and the run is over after one step back for each
 * call.
 */
public final class CountingInstrument extends TruffleInstrument {

    static final String ID = "weir-counting";

    /** Calls within calls; one takes up to some 2 KiB of stack, and event loops have 1 MiB. */
    static final int MAX = 200;

    /** What one context has done; only one thread at a time is in it. */
    static final class Tally {
        private int depth;
        private boolean tooDeep;
        private long statements;

        /** Written by whoever ends a run. */
        private volatile boolean stopped;

        /**
         * A run begins, and nothing is called yet. On a full stack the run before it may have left
         * calls without their being counted back, as that needs stack, too.
         */
        void begin() {
            depth = 0;
            tooDeep = false;
        }

        /** Statements of rules, executed since the context was made; those in families not. */
        long statements() {
            return statements;
        }

        /**
         * Lets the run that is under way begin no statement and no call any more, so that it leaves
         * its loops, and its {@code catch} and {@code finally} too. For every thread.
         */
        void stop() {
            stopped = true;
        }

        /** Lets runs go on again. */
        void release() {
            stopped = false;
        }
    }

    private final ContextLocal<Tally> tallies = locals.createContextLocal(context -> new Tally());

    /** To ask for it is to put the instrument in force. */
    public final class InForce {
        private InForce() {}

        /** The tally of the context that the calling thread has entered. */
        Tally tally() {
            return tallies.get();
        }
    }

    private static final class EndedException extends AbstractTruffleException {
        private static final long serialVersionUID = 1;

        EndedException(String why) {
            super(why);
        }

        static EndedException tooDeep() {
            return new EndedException(
                    "it calls itself too deeply: more than " + MAX + " calls within calls");
        }

        static EndedException stopped() {
            return new EndedException("it was stopped");
        }
    }

    @Override
    protected void onCreate(Env env) {
        env.getInstrumenter()
                .attachExecutionEventFactory(
                        SourceSectionFilter.newBuilder().tagIs(RootTag.class).build(),
                        at -> new Counting());
        env.getInstrumenter()
                .attachExecutionEventFactory(
                        SourceSectionFilter.newBuilder()
                                .tagIs(StatementTag.class)
                                .sourceIs(source -> source.getName().endsWith(Program.SUFFIX))
                                .build(),
                        at -> new Stepping());
        env.registerService(new InForce());
    }

    /** Counts one statement of a rule. */
    private final class Stepping extends ExecutionEventNode {
        @Override
        protected void onEnter(VirtualFrame frame) {
            Tally tally = tallies.get();
            tally.statements++;
            if (tally.stopped) {
                CompilerDirectives.transferToInterpreter();
                throw EndedException.stopped();
            }
        }
    }

    /** Counts the calls of one function. */
    private final class Counting extends ExecutionEventNode {
        @Override
        protected void onEnter(VirtualFrame frame) {
            Tally tally = tallies.get();
            if (++tally.depth > MAX || tally.tooDeep) {
                CompilerDirectives.transferToInterpreter();
                tally.tooDeep = true;
                throw EndedException.tooDeep();
            }
            if (tally.stopped) {
                CompilerDirectives.transferToInterpreter();
                throw EndedException.stopped();
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
                tallies.get().tooDeep = true;
            }
            left();
        }

        private void left() {
            Tally tally = tallies.get();
            if (--tally.depth <= 0) {
                tally.depth = 0;
                tally.tooDeep = false;
            }
        }
    }
}
