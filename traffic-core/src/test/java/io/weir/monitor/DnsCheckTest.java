package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig.Dns;
import io.weir.config.MonitorConfig.Dns.Expect;
import io.weir.config.MonitorConfig.Dns.QueryType;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;

/** The DNS monitor against a scripted name server. */
class DnsCheckTest {

    private DatagramSocket server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        port = server.getLocalPort();
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Serves {@code script}; an empty answer is none. */
    private void serve(Function<byte[], byte[]> script) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            byte[] buffer = new byte[512];
                            try {
                                while (true) {
                                    DatagramPacket in = new DatagramPacket(buffer, buffer.length);
                                    server.receive(in);
                                    byte[] out =
                                            script.apply(Arrays.copyOf(buffer, in.getLength()));
                                    if (out.length > 0) {
                                        server.send(
                                                new DatagramPacket(
                                                        out, out.length, in.getSocketAddress()));
                                    }
                                }
                            } catch (IOException closed) {
                                // The test is over.
                            }
                        });
    }

    private CheckResult check(Expect expect, Duration timeout) throws InterruptedException {
        return new DnsCheck(
                        new Dns("www.example.com", QueryType.A, expect),
                        Network.system(ForkJoinPool.commonPool()),
                        Ticker.system())
                .run(new NodeAddress("127.0.0.1", port), timeout);
    }

    private static byte[] answer(byte[] query, int code, int records) {
        byte[] answer = query.clone();
        answer[2] |= (byte) 0x80;
        answer[3] = (byte) code;
        answer[7] = (byte) records;
        return answer;
    }

    @Test
    void theQuestionIsOneThatNameServersUnderstand() throws Exception {
        byte[][] seen = new byte[1][];
        serve(
                query -> {
                    seen[0] = query;
                    return answer(query, 0, 1);
                });
        assertThat(check(Expect.ANSWER, Duration.ofSeconds(5)).ok()).isTrue();
        assertThat(Arrays.copyOfRange(seen[0], 2, 12))
                .containsExactly(1, 0, 0, 1, 0, 0, 0, 0, 0, 0);
        assertThat(new String(seen[0], 12, seen[0].length - 12, StandardCharsets.ISO_8859_1))
                .isEqualTo("\3www\7example\3com\0\0\1\0\1");
    }

    @Test
    void whatComesBackIsJudgedByWhatIsExpected() throws Exception {
        int[] reply = {0, 0};
        serve(query -> answer(query, reply[0], reply[1]));
        Duration timeout = Duration.ofSeconds(5);
        assertThat(check(Expect.ANSWER, timeout).ok()).as("no record").isFalse();
        assertThat(check(Expect.NO_ERROR, timeout).ok()).isTrue();
        reply[0] = 5;
        assertThat(check(Expect.NO_ERROR, timeout).ok()).as("refused").isFalse();
        assertThat(check(Expect.REPLY, timeout).ok()).isTrue();
        reply[0] = 2;
        assertThat(check(Expect.REPLY, timeout).ok()).as("server failure").isFalse();
    }

    @Test
    void aLostDatagramIsAskedForAgainAndForeignOnesAreNotTaken() throws Exception {
        int[] count = {0};
        serve(
                query -> {
                    if (count[0]++ == 0) {
                        return new byte[0];
                    }
                    byte[] answer = answer(query, 0, 1);
                    if (count[0] == 2) {
                        answer[0]++;
                    }
                    return answer;
                });
        assertThat(check(Expect.REPLY, Duration.ofSeconds(3)).ok()).isTrue();
        assertThat(count[0]).isEqualTo(3);
    }

    @Test
    void silenceAndAClosedPortFailWithTheirCause() throws Exception {
        serve(query -> new byte[0]);
        assertThat(check(Expect.REPLY, Duration.ofMillis(300)).text()).contains("no answer");
        server.close();
        assertThat(check(Expect.REPLY, Duration.ofSeconds(3)).text()).contains("refused");
    }
}
