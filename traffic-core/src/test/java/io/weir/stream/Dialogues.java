package io.weir.stream;

import io.weir.testkit.Behaviour;
import io.weir.testkit.NodeConnection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What nodes of TCP services do in these tests. */
final class Dialogues {

    private Dialogues() {}

    /** Greets, answers each line with {@code OK line}, and closes after {@code QUIT}. */
    static Behaviour greeting(String greeting) {
        return connection -> {
            connection.send(greeting + "\r\n");
            answerLines(connection);
        };
    }

    /** Answers each line as {@link #greeting}, but lets the client speak first. */
    static Behaviour answeringLines() {
        return Dialogues::answerLines;
    }

    private static void answerLines(NodeConnection connection) throws IOException {
        for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
            connection.send("OK " + connection.node().name() + " " + line);
            if (line.equals("QUIT\r\n")) {
                return;
            }
        }
    }

    /** Sends back whatever comes, and ends when the client does. */
    static Behaviour echoing() {
        return connection -> {
            for (byte[] some = connection.some(65536);
                    some.length > 0;
                    some = connection.some(65536)) {
                connection.send(some);
            }
        };
    }

    /** The next line with its end; empty at the end of the stream. */
    static String line(NodeConnection connection) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            byte[] one = connection.some(1);
            if (one.length == 0) {
                return "";
            }
            line.write(one[0]);
            if (one[0] == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }
}
