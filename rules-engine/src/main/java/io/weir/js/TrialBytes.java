package io.weir.js;

import io.weir.rule.CarriedSide;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A described connection of a service that is not HTTP. Confined to one thread. */
final class TrialBytes extends TrialSide implements CarriedSide {

    private final Whole request;
    private final Whole response;
    private byte @Nullable [] answer;
    private String flushed = "";

    TrialBytes(Described exchange, TrialWorld world) {
        super(exchange, world);
        request = new Whole(exchange.bytes("bytes"));
        response = new Whole(exchange.bytes("reply"));
    }

    /** Bytes of which all is there. */
    private static final class Whole implements Held {
        private byte[] bytes;

        Whole(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean complete() {
            return true;
        }

        @Override
        public void await(int length, Runnable done) {
            done.run();
        }

        @Override
        public void replace(byte[] next) {
            bytes = next;
        }

        @Override
        public void endAt(int length) {}

        String text() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    void tell(Map<String, Object> result) {
        result.put("bytes", request.text());
        if (state() != RuleState.REQUEST) {
            result.put("reply", response.text());
            if (!flushed.isEmpty()) {
                result.put("flushed", flushed);
            }
        }
        byte[] own = answer;
        if (own != null) {
            result.put("answer", new String(own, StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public Held request() {
        return request;
    }

    @Override
    public @Nullable Held response() {
        return state() == RuleState.REQUEST ? null : response;
    }

    @Override
    public void flush(int length) {
        String all = response.text();
        int at = Math.min(length, all.length());
        flushed += all.substring(0, at);
        response.replace(Described.bytesOf(all.substring(at)));
    }

    @Override
    public void answer(byte[] data) {
        answer = data;
    }
}
