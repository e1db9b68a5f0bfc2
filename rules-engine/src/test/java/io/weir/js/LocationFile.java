package io.weir.js;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a small database of places in MaxMind's format, version 2.0, for IPv4. */
final class LocationFile {

    private static final int EMPTY = -1;
    private static final byte[] MARKER = {(byte) 0xab, (byte) 0xcd, (byte) 0xef};

    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<Integer> offsets = new ArrayList<>();

    /** Says what is known about a block, such as {@code 10.0.0.0/8}. */
    LocationFile put(String block, Map<String, Object> what) {
        String[] parts = block.split("/", 2);
        int address = 0;
        for (String octet : parts[0].split("\\.", -1)) {
            address = address << 8 | Integer.parseInt(octet);
        }
        offsets.add(data.size());
        write(data, what);
        int node = 0;
        int length = Integer.parseInt(parts[1]);
        for (int i = 0; i < length; i++) {
            int bit = address >>> 31 - i & 1;
            int next = nodes.get(node)[bit];
            if (i == length - 1) {
                nodes.get(node)[bit] = -1 - offsets.size();
            } else if (next == EMPTY) {
                nodes.add(new int[] {EMPTY, EMPTY});
                next = nodes.size() - 1;
                nodes.get(node)[bit] = next;
            }
            node = next;
        }
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int record : node) {
                int value =
                        record == EMPTY
                                ? nodes.size()
                                : record < 0
                                        ? nodes.size() + 16 + offsets.get(-2 - record)
                                        : record;
                out.write(value >> 16);
                out.write(value >> 8);
                out.write(value);
            }
        }
        out.writeBytes(new byte[16]);
        out.writeBytes(data.toByteArray());
        out.writeBytes(MARKER);
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("binary_format_major_version", 2);
        about.put("binary_format_minor_version", 0);
        about.put("build_epoch", 1_700_000_000L);
        about.put("database_type", "Test-City");
        about.put("description", Map.of("en", "a test"));
        about.put("ip_version", 4);
        about.put("languages", List.of("en"));
        about.put("node_count", (long) nodes.size());
        about.put("record_size", 24);
        write(out, about);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case String text -> {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                control(out, 2, utf8.length);
                out.writeBytes(utf8);
            }
            case Double number -> {
                control(out, 3, 8);
                out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
            }
            case Integer number -> {
                control(out, 5, 2);
                out.writeBytes(ByteBuffer.allocate(2).putShort(number.shortValue()).array());
            }
            case Long number -> {
                control(out, 6, 4);
                out.writeBytes(ByteBuffer.allocate(4).putInt(number.intValue()).array());
            }
            case Map<?, ?> map -> {
                control(out, 7, map.size());
                map.forEach(
                        (key, inner) -> {
                            write(out, key);
                            write(out, inner);
                        });
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(11 - 7);
                list.forEach(inner -> write(out, inner));
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private static void control(ByteArrayOutputStream out, int type, int size) {
        if (size < 29) {
            out.write(type << 5 | size);
        } else {
            out.write(type << 5 | 29);
            out.write(size - 29);
        }
    }
}
