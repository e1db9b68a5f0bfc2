package io.weir.js;

import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleStream;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A described answer that a rule sends piece by piece. Confined to one thread. */
final class TrialStream implements RuleStream {

    private final byte[] body;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Map<String, Object> told = new LinkedHashMap<>();
    private int at;
    private boolean begun;
    private boolean finished;
    private long room;

    TrialStream(byte[] body) {
        this.body = body;
    }

    /** What the client would have got. */
    Map<String, Object> told() {
        told.put("body", sent.toString(StandardCharsets.ISO_8859_1));
        told.put("finished", finished);
        return told;
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean open() {
        return begun && !finished;
    }

    @Override
    public @Nullable String begin(RuleOutcome.Answer head, long length) {
        if (begun) {
            return "the answer has begun already";
        }
        begun = true;
        room = length < 0 ? Long.MAX_VALUE : length;
        told.put("status", head.status());
        told.put("type", head.contentType());
        Map<String, Object> fields = new LinkedHashMap<>();
        head.fields().forEach(field -> fields.put(field.getKey(), field.getValue()));
        told.put("headers", fields);
        return null;
    }

    @Override
    public int available() {
        return body.length - at;
    }

    @Override
    public boolean complete() {
        return true;
    }

    @Override
    public void awaitBody(int bytes, Runnable done) {
        done.run();
    }

    @Override
    public int find(byte[] delimiter, int within, boolean last) {
        String there = text(Arrays.copyOfRange(body, at, at + Math.min(within, available())));
        int found = last ? there.lastIndexOf(text(delimiter)) : there.indexOf(text(delimiter));
        return found < 0 ? -1 : found + delimiter.length;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(body, at, at + Math.min(count, available()));
        at += taken.length;
        return taken;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void awaitRoom(Runnable done) {
        done.run();
    }

    @Override
    public boolean write(byte[] data) {
        if (data.length > room) {
            return false;
        }
        room -= data.length;
        sent.writeBytes(data);
        return true;
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public void passOn() {
        sent.writeBytes(take(available()));
        finished = true;
    }
}
