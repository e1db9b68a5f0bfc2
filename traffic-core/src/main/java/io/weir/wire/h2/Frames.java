package io.weir.wire.h2;

/** Numbers of RFC 9113 that frames are made of. */
final class Frames {

    static final int HEADER_LENGTH = 9;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;

    /** RFC 8441. */
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    static final int DEFAULT_TABLE = 4096;
    static final int DEFAULT_WINDOW = 65_535;
    static final int SMALLEST_MAX_FRAME = 16_384;
    static final int LARGEST_MAX_FRAME = 16_777_215;

    private Frames() {}
}
