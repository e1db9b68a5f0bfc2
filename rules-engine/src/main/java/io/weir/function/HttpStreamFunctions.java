package io.weir.function;

import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleStream;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Functions {@code http.stream.*}: the answer piece by piece, without ever having the whole of it.
 * A rule that names one of them runs straight on where it waited, rather than again.
 */
public final class HttpStreamFunctions {

    /** How long a rule may work before others have their turn. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int USUAL = 16 * 1024;

    private final CurrentRun run;

    HttpStreamFunctions(CurrentRun run) {
        this.run = run;
    }

    private RuleStream stream() {
        if (run.side().over()) {
            run.finish(RuleOutcome.STOP);
        }
        return run.http().stream();
    }

    private RuleStream open() {
        RuleStream stream = stream();
        if (!stream.open()) {
            throw new RuleErrorException(
                    stream.begun()
                            ? "the answer is finished already"
                            : "http.stream.startResponse has to come first");
        }
        return stream;
    }

    @RuleFunction
    public void startResponse(Any status, @Nullable String contentType) {
        startResponse(status, contentType, new Any(""), "");
    }

    @RuleFunction
    public void startResponse(Any status, @Nullable String contentType, Any length) {
        startResponse(status, contentType, length, "");
    }

    @RuleFunction(
            "Begins to answer piece by piece, instead of the rules that follow. Without a length"
                    + " that is above 0 the body is sent in chunks. In response rules the fields of"
                    + " the node's answer stay; fields are lines \"Name: value\" that take their"
                    + " places.")
    public void startResponse(
            Any status, @Nullable String contentType, Any length, @Nullable String fields) {
        RuleOutcome.Answer head = HttpResponseFunctions.answer(status, contentType, "", fields);
        long announced = Numbers.whole(length.value());
        String problem = stream().begin(head, announced > 0 ? announced : -1);
        if (problem != null) {
            throw new RuleErrorException(problem);
        }
    }

    // ---- what the node sends

    @RuleFunction(suspends = true)
    public String readResponse(int count) {
        return read("http.stream.readResponse", count, "", false);
    }

    @RuleFunction(
            value =
                    "The next count bytes of the node's body, decoded, or those up to the first"
                            + " delimiter and with it; less at the end, where it is empty. Waits"
                            + " for them.",
            suspends = true)
    public String readResponse(int count, @Nullable String delimiter) {
        return read("http.stream.readResponse", count, delimiter, false);
    }

    @RuleFunction(suspends = true)
    public String readBulkResponse(int count) {
        return read("http.stream.readBulkResponse", count, "", true);
    }

    @RuleFunction(
            value =
                    "What has come of the node's body, at most count bytes, up to the last"
                            + " delimiter in it and with it; empty at the end. Waits for some.",
            suspends = true)
    public String readBulkResponse(int count, @Nullable String delimiter) {
        return read("http.stream.readBulkResponse", count, delimiter, true);
    }

    private String read(String function, int count, @Nullable String delimiter, boolean bulk) {
        RuleStream stream = open();
        boolean rested = rested();
        int limit = (int) Math.min(run.world().limits().bodyLimit(), Integer.MAX_VALUE / 2);
        int most = Math.min(count <= 0 ? USUAL : count, limit);
        byte[] mark = Bytes.of(delimiter);
        int there = stream.available();
        int length = mark.length == 0 ? -1 : stream.find(mark, most, bulk);
        if (length < 0) {
            boolean enough = bulk && mark.length == 0 ? there > 0 : there >= most;
            if (!enough && !stream.complete()) {
                int more = mark.length == 0 && !bulk ? most : there + 1;
                run.await(function, done -> stream.awaitBody(more, () -> done.accept(null)));
            }
            length = Math.min(there, most);
        }
        turn(function, rested);
        return Bytes.text(stream.take(length));
    }

    // ---- what the client gets

    @RuleFunction(
            value = "Sends the next piece of the body; waits while the client takes no more.",
            suspends = true)
    public void writeResponse(@Nullable String data) {
        write("http.stream.writeResponse", data);
    }

    private RuleStream write(String function, @Nullable String data) {
        RuleStream stream = open();
        boolean rested = rested();
        byte[] bytes = Bytes.of(data);
        if (bytes.length > 0) {
            if (!stream.writable()) {
                run.await(function, done -> stream.awaitRoom(() -> done.accept(null)));
            }
            turn(function, rested);
            if (!stream.write(bytes)) {
                throw new RuleErrorException("the body is longer than it was announced");
            }
        }
        return stream;
    }

    @RuleFunction(suspends = true)
    public void finishResponse() {
        finishResponse("");
    }

    @RuleFunction(value = "Sends the last piece, and the answer is complete.", suspends = true)
    public void finishResponse(@Nullable String data) {
        write("http.stream.finishResponse", data).finish();
    }

    @RuleFunction(suspends = true)
    public void continueFromBackend() {
        continueFromBackend("");
    }

    @RuleFunction(
            value =
                    "Sends a piece; what is left of the node's body follows as it is, and the"
                            + " answer is complete then.",
            suspends = true)
    public void continueFromBackend(@Nullable String data) {
        write("http.stream.continueFromBackend", data).passOn();
    }

    // ---- turns

    /** Whether the rule has just paused in this call. */
    private boolean rested() {
        if (run.resuming()) {
            run.settle();
            return true;
        }
        return false;
    }

    /** Pauses when the rule has worked for long: neither node nor client may ever make it wait. */
    private void turn(String function, boolean rested) {
        if (!rested && run.nanosOfPart() > TURN_NANOS) {
            run.await(function, done -> done.accept(null));
        }
    }
}
