package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be seen of a head that was read from bytes, so that two readings of the same
 * bytes can be compared.
 *
 * @param start the start line as it would be sent on; empty unless the head is complete
 * @param asked method, raw target, authority of the target and path of a request; status of a
 *     response
 * @param fields name, value and well-known name of each field
 * @param behind bytes taken; -1 when the head is broken, because then nothing more will be read
 */
record HeadReading(
        Head.Progress progress,
        @Nullable Defect defect,
        String start,
        String asked,
        List<String> fields,
        boolean http10,
        int behind) {

    static final int MAX_BYTES = 32 * 1024;
    static final int MAX_START_LINE = 8 * 1024;
    static final int MAX_FIELDS = 100;

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static HeadReading request(byte[] bytes, int... cuts) {
        return of(new RequestHead(), bytes, cuts);
    }

    static HeadReading request(String latin1) {
        return request(bytes(latin1));
    }

    static HeadReading response(byte[] bytes, int... cuts) {
        return of(new ResponseHead(), bytes, cuts);
    }

    static HeadReading response(String latin1) {
        return response(bytes(latin1));
    }

    static HeadReading of(Head head, byte[] bytes, int... cuts) {
        return of(head, MAX_BYTES, MAX_START_LINE, MAX_FIELDS, bytes, cuts);
    }

    /** Reads {@code head} as a connection would: piece after piece until it is there, or broken. */
    static HeadReading of(
            Head head, int maxBytes, int maxStartLine, int maxFields, byte[] bytes, int... cuts) {
        Head.Progress progress = Head.Progress.NEED_MORE;
        int behind = 0;
        for (byte[] piece : Cuts.pieces(bytes, cuts)) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            progress = head.read(in, maxBytes, maxStartLine, maxFields);
            behind += in.readerIndex();
            if (progress == Head.Progress.NEED_MORE && in.isReadable()) {
                throw new AssertionError("asks for more with " + in.readableBytes() + " unread");
            }
            if (progress != Head.Progress.NEED_MORE) {
                break;
            }
        }
        if (progress != Head.Progress.COMPLETE) {
            boolean broken = progress == Head.Progress.BROKEN;
            return new HeadReading(
                    progress,
                    broken ? head.defect() : null,
                    "",
                    "",
                    List.of(),
                    false,
                    broken ? -1 : behind);
        }
        if (head.headLength() != behind) {
            throw new AssertionError(behind + " bytes were taken, " + head.headLength() + " said");
        }
        return new HeadReading(
                progress, null, startLine(head), asked(head), fields(head), head.http10(), behind);
    }

    private static String startLine(Head head) {
        byte[] out = new byte[64 * 1024];
        int end;
        int said;
        switch (head) {
            case RequestHead request -> {
                end = request.encodeStartLine(out, 0);
                said = request.startLineLength();
            }
            case ResponseHead response -> {
                end = response.encodeStartLine(out, 0);
                said = response.startLineLength();
            }
        }
        if (end > said) {
            throw new AssertionError(end + " bytes of start line were written, " + said + " said");
        }
        return new String(out, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static String asked(Head head) {
        return switch (head) {
            case RequestHead request ->
                    request.methodName()
                            + " "
                            + request.rawTarget()
                            + " "
                            + request.targetAuthority()
                            + " "
                            + request.target();
            case ResponseHead response -> Integer.toString(response.status());
        };
    }

    /** The fields that are there, each as {@code name: value (well-known name)}. */
    static List<String> fields(Fields fields) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.present(i)) {
                list.add(
                        fields.name(i) + ": " + fields.value(i) + " (" + fields.knownName(i) + ")");
            }
        }
        return list;
    }

    /** The head as it would be sent on, with the empty line. */
    static String encoded(Head head) {
        byte[] out = new byte[64 * 1024];
        int at =
                switch (head) {
                    case RequestHead request -> request.encodeStartLine(out, 0);
                    case ResponseHead response -> response.encodeStartLine(out, 0);
                };
        int start = at;
        at = head.encode(out, at);
        if (at - start > head.encodedLength()) {
            throw new AssertionError(
                    at - start + " bytes of fields were written, " + head.encodedLength());
        }
        return new String(out, 0, at, StandardCharsets.ISO_8859_1) + "\r\n";
    }

    /** A complete request, to look at closer. */
    static RequestHead completeRequest(String latin1) {
        RequestHead head = new RequestHead();
        complete(head, latin1);
        return head;
    }

    /** A complete response, to look at closer. */
    static ResponseHead completeResponse(String latin1) {
        ResponseHead head = new ResponseHead();
        complete(head, latin1);
        return head;
    }

    private static void complete(Head head, String latin1) {
        HeadReading reading = of(head, bytes(latin1));
        if (reading.progress() != Head.Progress.COMPLETE) {
            throw new AssertionError(reading + " came of " + latin1);
        }
    }
}
