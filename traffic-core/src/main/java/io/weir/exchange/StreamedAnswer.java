package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.compress.CorruptException;
import io.weir.compress.Decoder;
import io.weir.compress.Decoders;
import io.weir.fault.TrafficFault;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.ResponseHead;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleStream;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * An answer that a rule sends piece by piece. The node's body collects here until the rule takes
 * it, and the node is not read meanwhile. What changes the exchange itself is put off until the
 * rule has paused: a rule must not end its own exchange under its feet. Confined to one event loop.
 */
final class StreamedAnswer implements RuleStream, BodySource {

    /** Bytes of the node's body that may wait although no rule has asked for them. */
    private static final int HOLD = 64 * 1024;

    private final Exchange x;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private @Nullable Decoder decoder;
    private boolean begun;
    private boolean finished;
    private boolean passing;
    private boolean bodiless;
    private boolean released;
    private boolean complete;
    private long room;
    private int wanted;
    private @Nullable Runnable reader;
    private @Nullable Runnable writer;

    StreamedAnswer(Exchange x) {
        this.x = x;
    }

    // ---- the head

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean open() {
        return begun && !finished;
    }

    @Override
    public @Nullable String begin(RuleOutcome.Answer wanted, long length) {
        if (begun) {
            return "the answer has begun already";
        }
        if (x.isOver()) {
            return "the exchange is over";
        }
        if (x.bodies().replaced()) {
            return "the body of the answer has been replaced already";
        }
        begun = true;
        held = Unpooled.buffer();
        ResponseHead before = x.response();
        ResponseHead head = x.context().responseHead();
        head.setStatus(wanted.status(), wanted.reason());
        if (before == null) {
            complete = true;
        } else {
            head.addAll(before);
            decoded(head);
        }
        head.remove(FieldName.CONTENT_LENGTH);
        head.set(FieldName.CONTENT_TYPE, wanted.contentType());
        List<Map.Entry<String, String>> fields = wanted.fields();
        fields.forEach(field -> head.remove(FieldName.of(field.getKey())));
        fields.forEach(field -> head.add(FieldName.of(field.getKey()), field.getValue()));
        bodiless =
                x.request().method() == Method.HEAD
                        || wanted.status() == 204
                        || wanted.status() == 304;
        if (length >= 0 && wanted.status() != 204) {
            head.set(FieldName.CONTENT_LENGTH, Long.toString(length));
        }
        room = length < 0 ? Long.MAX_VALUE : length;
        CacheUse use = x.cacheUse();
        if (use != null && use.filling() != null) {
            use.refuse();
        }
        x.answer().streamed(head, bodiless ? 0 : length < 0 ? Framing.CHUNKED : length, this);
        later(
                () -> {
                    // Unless it has become an error page meanwhile.
                    if (x.answer().source() == this && !x.answer().begun()) {
                        x.goOnAt(x.server().path().streamed());
                    }
                });
        return null;
    }

    private void decoded(ResponseHead head) {
        head.remove(FieldName.ACCEPT_RANGES);
        String coding = head.getAll(FieldName.CONTENT_ENCODING);
        if (coding != null) {
            decoder = Decoders.of(coding);
            if (decoder != null) {
                head.remove(FieldName.CONTENT_ENCODING);
            }
        }
    }

    // ---- from the node

    @Override
    public int available() {
        return held.readableBytes();
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public void awaitBody(int bytes, Runnable done) {
        if (complete || available() >= bytes) {
            done.run();
            return;
        }
        wanted = bytes;
        reader = done;
        x.attempts().pauseResponse(false);
    }

    @Override
    public int find(byte[] delimiter, int within, boolean last) {
        int start = held.readerIndex();
        int latest = start + Math.min(within, held.readableBytes()) - delimiter.length;
        for (int i = start; i <= latest; i++) {
            int at = last ? start + latest - i : i;
            if (is(delimiter, at)) {
                return at - start + delimiter.length;
            }
        }
        return -1;
    }

    private boolean is(byte[] delimiter, int at) {
        for (int i = 0; i < delimiter.length; i++) {
            if (held.getByte(at + i) != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public byte[] take(int count) {
        byte[] bytes = new byte[Math.min(count, held.readableBytes())];
        held.readBytes(bytes);
        held.discardSomeReadBytes();
        if (!complete && available() < HOLD) {
            x.attempts().pauseResponse(false);
        }
        return bytes;
    }

    @Override
    public void nodeData(ByteBuf piece) {
        try {
            Decoder d = decoder;
            if (finished && !passing || released) {
                return;
            }
            if (d == null) {
                held.writeBytes(piece);
            } else {
                d.write(piece, this::hold);
            }
        } catch (CorruptException e) {
            broken(e);
            return;
        } finally {
            piece.release();
        }
        if (passing) {
            pass();
        } else if (available() >= Math.max(wanted, HOLD)) {
            x.attempts().pauseResponse(true);
        }
        if (available() >= wanted) {
            wakeReader();
        }
    }

    private void hold(ByteBuf decoded) {
        held.writeBytes(decoded);
        decoded.release();
    }

    @Override
    public void nodeEnd() {
        try {
            Decoder d = decoder;
            if (d != null && !finished) {
                d.finish();
            }
        } catch (CorruptException e) {
            broken(e);
            return;
        }
        complete = true;
        if (passing) {
            pass();
        }
        wakeReader();
    }

    private void broken(CorruptException e) {
        x.fail(new TrafficFault.NodeBroke("a rule could not decode the body: " + e.getMessage()));
    }

    private void wakeReader() {
        Runnable waiting = reader;
        if (waiting != null) {
            reader = null;
            wanted = 0;
            waiting.run();
        }
    }

    // ---- to the client

    @Override
    public boolean writable() {
        return x.answer().begun() && x.answer().clientTakesMore();
    }

    @Override
    public void awaitRoom(Runnable done) {
        if (writable()) {
            done.run();
        } else {
            writer = done;
        }
    }

    @Override
    public boolean write(byte[] data) {
        if (data.length > room) {
            return false;
        }
        room -= room == Long.MAX_VALUE ? 0 : data.length;
        if (data.length > 0 && !bodiless && !released) {
            x.answer().storedData(Unpooled.wrappedBuffer(data));
            x.answer().flush();
        }
        return true;
    }

    @Override
    public void pull() {
        Runnable waiting = writer;
        if (passing) {
            pass();
        } else if (waiting != null && writable()) {
            writer = null;
            waiting.run();
        }
    }

    @Override
    public void finish() {
        if (!finished) {
            finished = true;
            later(this::end);
        }
    }

    private void end() {
        if (room > 0 && room != Long.MAX_VALUE && !bodiless) {
            x.fail(
                    new TrafficFault.RuleFailed(
                            "a rule sent " + room + " bytes less than it had announced"));
        } else {
            x.answer().end(null);
        }
    }

    @Override
    public void passOn() {
        if (!finished) {
            finished = true;
            passing = true;
            later(this::pass);
        }
    }

    private void pass() {
        while (held.isReadable() && writable()) {
            if (!write(take(HOLD))) {
                x.fail(new TrafficFault.RuleFailed("the node sent more than a rule announced"));
                return;
            }
        }
        if (!held.isReadable() && complete) {
            passing = false;
            end();
        } else {
            x.attempts().pauseResponse(held.isReadable());
        }
    }

    private void later(Runnable task) {
        x.context()
                .executor()
                .execute(
                        () -> {
                            if (!x.isOver()) {
                                x.context().tick();
                                task.run();
                                x.answer().flush();
                            }
                        });
    }

    // ---- the end

    /** What the end of the rule means for the exchange. */
    Next ruleEnded(String rule, RuleOutcome outcome) {
        return switch (outcome) {
            case RuleOutcome.Failed failed ->
                    new Next.Fail(
                            new TrafficFault.RuleFailed("rule " + rule + ": " + failed.text()));
            case RuleOutcome.Refused refused -> new Next.Fail(refused.fault());
            case RuleOutcome.Discard d -> discarded(rule);
            case RuleOutcome.Close c -> discarded(rule);
            case RuleOutcome.Answer a ->
                    new Next.Fail(
                            new TrafficFault.RuleFailed(
                                    "rule " + rule + " answered once more while it streamed"));
            case RuleOutcome.Continue c -> completed();
            case RuleOutcome.Stop s -> completed();
            case RuleOutcome.Retry r -> completed();
            case RuleOutcome.Suspended s -> Next.WAIT;
        };
    }

    private static Next discarded(String rule) {
        return new Next.Fail(new TrafficFault.Discarded("discarded by rule " + rule));
    }

    private Next completed() {
        finish();
        return Next.WAIT;
    }

    @Override
    public boolean clientGone() {
        return false;
    }

    @Override
    public void release() {
        if (released) {
            return;
        }
        released = true;
        complete = true;
        Decoder d = decoder;
        decoder = null;
        if (d != null) {
            d.close();
        }
        held.release();
        Runnable waitsForRoom = writer;
        writer = null;
        wakeReader();
        if (waitsForRoom != null) {
            waitsForRoom.run();
        }
    }
}
