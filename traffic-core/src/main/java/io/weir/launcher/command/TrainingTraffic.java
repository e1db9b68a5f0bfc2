package io.weir.launcher.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The traffic of a training run: not only the usual request, but each of the ways in which a
 * connection begins, goes on and ends. The compiler of the JVM leaves out what it has never seen
 * happen; when it happens after all, what was compiled is thrown away and made again, at the cost
 * of the traffic that runs meanwhile.
 */
final class TrainingTraffic {

    /** How often each thing is done: the JVM begins to count after some 200 times. */
    private static final int TIMES = 300;

    /** Connections that ask at the same time. */
    private static final int TOGETHER = 16;

    private final int port;

    private TrainingTraffic(int port) {
        this.port = port;
    }

    /** Sends all of it to a listener on this machine, behind which a demo node answers. */
    static void to(int port) throws IOException {
        TrainingTraffic traffic = new TrainingTraffic(port);
        traffic.kept();
        traffic.large();
        traffic.endings();
        traffic.together();
    }

    private void kept() throws IOException {
        try (TrainingClient client = TrainingClient.plain(port)) {
            for (int i = 0; i < TIMES; i++) {
                switch (i % 3) {
                    case 0 -> client.ask("GET", "/?i=" + i, "Accept: text/html\r\n", "");
                    case 1 -> client.ask("POST", "/", "Content-Length: 5\r\n", "hello");
                    default ->
                            client.ask(
                                    "POST",
                                    "/",
                                    "Transfer-Encoding: chunked\r\n",
                                    "5\r\nhello\r\n0\r\n\r\n");
                }
            }
        }
    }

    private void large() throws IOException {
        try (TrainingClient client = TrainingClient.plain(port)) {
            for (int i = 0; i < TIMES; i++) {
                client.ask("GET", i % 3 == 0 ? "/bytes/100000" : "/bytes/10000", "", "");
            }
        }
    }

    private void endings() throws IOException {
        for (int i = 0; i < TIMES; i++) {
            try (TrainingClient client = TrainingClient.plain(port)) {
                client.ask("GET", "/", "Connection: close\r\n", "");
            }
            try (TrainingClient client = TrainingClient.plain(port)) {
                client.ask("GET", "/", "", "");
            }
            if (i % 3 == 0) {
                TrainingClient.plain(port).close();
            } else if (i % 3 == 1) {
                TrainingClient.plain(port).begin("GET", "/").reset();
            }
        }
    }

    private void together() throws IOException {
        List<TrainingClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < TOGETHER; i++) {
                clients.add(TrainingClient.plain(port));
            }
            for (int i = 0; i < TIMES; i++) {
                for (TrainingClient client : clients) {
                    client.begin("GET", "/");
                }
                for (TrainingClient client : clients) {
                    client.readAnswer("/");
                }
            }
        } finally {
            for (TrainingClient client : clients) {
                client.close();
            }
        }
    }
}
