package io.weir.tls;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a client says first (RFC 8446 section 4.1.2): as much of it as decides about certificates.
 * Immutable.
 */
public final class ClientHello {

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int LONGEST_RECORD = 1 << 14;

    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    private static final int LONGEST_NAME = 255;

    private final @Nullable String serverName;
    private final boolean tls13;
    private final boolean ecdsaSuite;
    private final char @Nullable [] signatures;

    private ClientHello(
            @Nullable String serverName,
            boolean tls13,
            boolean ecdsaSuite,
            char @Nullable [] signatures) {
        this.serverName = serverName;
        this.tls13 = tls13;
        this.ecdsaSuite = ecdsaSuite;
        this.signatures = signatures;
    }

    /** What the bytes so far are. */
    public enum Form {
        /** The beginning of a hello. */
        UNFINISHED,
        /** A whole hello, or something that begins like one and that the engine will refuse. */
        COMPLETE,
        /** Nothing that TLS begins with. */
        NOT_TLS
    }

    /** Says what stands in {@code in}, from its reader index on, without moving it. */
    public static Form form(ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        int message = -1;
        int gathered = 0;
        while (true) {
            if (at == end) {
                return Form.UNFINISHED;
            }
            if (in.getByte(at) != HANDSHAKE || at + 1 < end && in.getByte(at + 1) != 3) {
                return message < 0 ? Form.NOT_TLS : Form.COMPLETE;
            }
            if (end - at < RECORD_HEADER) {
                return Form.UNFINISHED;
            }
            int length = in.getUnsignedShort(at + 3);
            if (length < MESSAGE_HEADER || length > LONGEST_RECORD) {
                // Also a header that is cut into pieces, which no real client sends.
                return Form.COMPLETE;
            }
            if (message < 0) {
                if (end - at < RECORD_HEADER + MESSAGE_HEADER) {
                    return Form.UNFINISHED;
                }
                if (in.getByte(at + RECORD_HEADER) != CLIENT_HELLO) {
                    return Form.COMPLETE;
                }
                message = MESSAGE_HEADER + in.getUnsignedMedium(at + RECORD_HEADER + 1);
            }
            at += RECORD_HEADER + length;
            if (at > end) {
                return Form.UNFINISHED;
            }
            gathered += length;
            if (gathered >= message) {
                return Form.COMPLETE;
            }
        }
    }

    /** Reads a complete hello; null when it is malformed. Does not move the reader index. */
    public static @Nullable ClientHello read(ByteBuf in) {
        try {
            byte[] message = message(in);
            return message == null ? null : new Reader(message).hello();
        } catch (ArrayIndexOutOfBoundsException | Malformed e) {
            return null;
        }
    }

    /** The bytes of the message behind its header, records joined. */
    private static byte @Nullable [] message(ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() < RECORD_HEADER + MESSAGE_HEADER
                || in.getByte(at + RECORD_HEADER) != CLIENT_HELLO) {
            return null;
        }
        int length = in.getUnsignedMedium(at + RECORD_HEADER + 1);
        if (length > in.readableBytes()) {
            return null;
        }
        byte[] message = new byte[MESSAGE_HEADER + length];
        int have = 0;
        while (have < message.length) {
            if (in.writerIndex() - at < RECORD_HEADER) {
                return null;
            }
            int some = Math.min(in.getUnsignedShort(at + 3), message.length - have);
            if (some == 0 || in.writerIndex() - at < RECORD_HEADER + some) {
                return null;
            }
            in.getBytes(at + RECORD_HEADER, message, have, some);
            have += some;
            at += RECORD_HEADER + some;
        }
        return message;
    }

    /** The host that the client asks for, in lower case; null when it does not say. */
    public @Nullable String serverName() {
        return serverName;
    }

    /**
     * Whether the client can use a certificate with an elliptic key.
     *
     * @param scheme number of the signature scheme that goes with the curve (RFC 8446 section
     *     4.2.3)
     */
    boolean takesEcdsa(int scheme) {
        char[] known = signatures;
        if (known == null) {
            return ecdsaSuite;
        }
        if (tls13) {
            return contains(known, scheme);
        }
        // In TLS 1.2 the hash and the curve are not tied to each other.
        return ecdsaSuite && (contains(known, 0x0403) || contains(known, 0x0503));
    }

    private static boolean contains(char[] all, int one) {
        for (char each : all) {
            if (each == one) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "ClientHello[" + serverName + (tls13 ? ", TLS 1.3" : "") + "]";
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Goes through a message once. */
    private static final class Reader {
        private final byte[] bytes;
        private int at = MESSAGE_HEADER + 2 + 32;
        private @Nullable String serverName;
        private boolean tls13;
        private char @Nullable [] signatures;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        ClientHello hello() throws Malformed {
            skip(one());
            char[] suites = numbers(two());
            skip(one());
            if (at < bytes.length) {
                int end = two();
                end = Math.min(at + end, bytes.length);
                while (end - at >= 4) {
                    int type = two();
                    int length = two();
                    if (length > end - at) {
                        throw new Malformed();
                    }
                    int next = at + length;
                    extension(type, length);
                    at = next;
                }
            }
            return new ClientHello(serverName, tls13, hasEcdsa(suites), signatures);
        }

        private void extension(int type, int length) throws Malformed {
            if (length < 3) {
                return;
            }
            switch (type) {
                case SERVER_NAME -> {
                    two();
                    int kind = one();
                    int size = length < 5 ? 0 : two();
                    if (kind == 0 && size > 0 && size <= LONGEST_NAME && size <= length - 5) {
                        serverName = name(size);
                    }
                }
                case SIGNATURE_ALGORITHMS -> signatures = numbers(Math.min(two(), length - 2));
                case SUPPORTED_VERSIONS -> {
                    for (char version : numbers(Math.min(one(), length - 1))) {
                        tls13 |= version == TLS_1_3;
                    }
                }
                default -> {}
            }
        }

        private String name(int size) {
            byte[] lower = Arrays.copyOfRange(bytes, at, at + size);
            for (int i = 0; i < size; i++) {
                if (lower[i] >= 'A' && lower[i] <= 'Z') {
                    lower[i] = (byte) (lower[i] + ('a' - 'A'));
                }
            }
            int end = lower[size - 1] == '.' ? size - 1 : size;
            return new String(lower, 0, end, StandardCharsets.ISO_8859_1);
        }

        /** Whether one of the suites of TLS 1.2 that Weir speaks signs with an elliptic key. */
        private static boolean hasEcdsa(char[] suites) {
            for (char suite : suites) {
                if (suite == 0xc02b
                        || suite == 0xc02c
                        || suite == 0xcca9
                        || suite >= 0xc007 && suite <= 0xc00a
                        || suite == 0xc023
                        || suite == 0xc024) {
                    return true;
                }
            }
            return false;
        }

        private int one() {
            return bytes[at++] & 0xff;
        }

        private int two() {
            return one() << 8 | one();
        }

        private void skip(int length) {
            at += length;
        }

        private char[] numbers(int length) throws Malformed {
            if (length > bytes.length - at) {
                throw new Malformed();
            }
            char[] numbers = new char[length / 2];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (char) two();
            }
            return numbers;
        }
    }
}
