package io.weir.exchange;

/** Stable 64-bit hashes for balancing (FNV-1a with a final mix): equal on every machine. */
final class Hashes {

    private Hashes() {}

    static long of(byte[] octets) {
        long h = 0xcbf29ce484222325L;
        for (byte b : octets) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        return mix(h);
    }

    static long of(String text) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(h);
    }

    private static long mix(long h) {
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        return h ^ (h >>> 33);
    }
}
