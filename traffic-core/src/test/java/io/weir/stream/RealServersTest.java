package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.testkit.Await;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Servers of the distribution behind Weir, where they are installed. */
class RealServersTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private static void needs(String program) {
        boolean there =
                Arrays.stream((System.getenv("PATH") + ":/usr/sbin").split(":", -1))
                        .anyMatch(p -> new File(p, program).canExecute());
        assumeTrue(there, program + " is not installed");
    }

    /** Runs until the test is over. */
    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin", (path, more) -> path + ":" + more);
        builder.redirectOutput(directory.resolve("log").toFile());
        Process process = builder.start();
        WEIR.closing(() -> process.destroyForcibly().waitFor());
        return process;
    }

    /** A port that nobody but a server that asks for it gets until the test is over. */
    private static int freePort() throws IOException {
        Socket place = WEIR.closing(new Socket());
        place.setReuseAddress(true);
        place.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return place.getLocalPort();
    }

    private static String config(String protocol, int... ports) {
        String nodes =
                String.join(
                        ", ", Arrays.stream(ports).mapToObj(port -> "127.0.0.1:" + port).toList());
        return "global: {admin: off}\nvirtual-servers:\n  web: {protocol: "
                + protocol
                + ", listen: \"127.0.0.1:0\", pool: ["
                + nodes
                + "]}\n";
    }

    @Test
    void dnsmasqAnswersThroughTheDnsService() throws Exception {
        needs("dnsmasq");
        int[] ports = {freePort(), freePort()};
        for (int i = 0; i < ports.length; i++) {
            start(
                    "dnsmasq",
                    "-k",
                    "-p",
                    String.valueOf(ports[i]),
                    "--listen-address=127.0.0.1",
                    "--bind-interfaces",
                    "--no-resolv",
                    "--no-hosts",
                    "--conf-file=/dev/null",
                    "--pid-file=",
                    "--address=/example.test/10.0.0." + (i + 1));
        }
        RunningWeir weir = WEIR.start(config("dns", ports));
        byte[] question =
                "\1\1\1\0\0\1\0\0\0\0\0\0\7example\4test\0\0\1\0\1"
                        .getBytes(StandardCharsets.ISO_8859_1);
        Set<Integer> addresses = new TreeSet<>();
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), weir.port()));
            client.setSoTimeout(500);
            Await.until("both servers to answer", () -> ask(client, question, addresses) == 2);
        }
        assertThat(addresses).containsExactly(1, 2);
    }

    /** Asks once and adds the last byte of the address that comes back. */
    private static int ask(DatagramSocket client, byte[] question, Set<Integer> addresses) {
        try {
            client.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            client.receive(answer);
            addresses.add((int) answer.getData()[answer.getLength() - 1]);
        } catch (SocketTimeoutException notYet) {
            // The servers are not there yet.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return addresses.size();
    }

    @Test
    void mailsReachSmtpSinkThroughTheSmtpService() throws Exception {
        needs("smtp-sink");
        needs("smtp-source");
        int port = freePort();
        start("smtp-sink", "-u", System.getProperty("user.name"), "127.0.0.1:" + port, "100");
        RunningWeir weir = WEIR.start(config("smtp", port));
        Await.until("a greeting", () -> greeted(weir, "220 "));
        Process source = start("smtp-source", "-s", "5", "-m", "100", "127.0.0.1:" + weir.port());
        assertThat(source.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(source.exitValue()).isZero();
        Await.until("the connections to end", () -> weir.clientConnections() == 0);
    }

    private static boolean greeted(RunningWeir weir, String greeting) {
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exactly(greeting.length()).equals(greeting);
        } catch (UncheckedIOException reset) {
            return false;
        }
    }

    @Test
    void aMailboxOfDovecotIsReadThroughTheImapService() throws Exception {
        needs("dovecot");
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "dovecot wants to be started as root");
        int port = freePort();
        Files.setPosixFilePermissions(
                directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Path mail = Files.createDirectory(directory.resolve("mail"));
        Files.setPosixFilePermissions(
                mail, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        Path conf = directory.resolve("dovecot.conf");
        Files.writeString(
                conf,
                """
                base_dir = DIR/run
                state_dir = DIR/run
                log_path = DIR/dovecot.log
                protocols = imap
                ssl = no
                disable_plaintext_auth = no
                listen = 127.0.0.1
                service imap-login {
                  inet_listener imap {
                    port = PORT
                  }
                }
                mail_location = maildir:DIR/mail/%u
                passdb {
                  driver = static
                  args = password=secret
                }
                userdb {
                  driver = static
                  args = uid=nobody gid=nogroup home=DIR/mail
                }
                first_valid_uid = 1
                """
                        .replace("DIR", directory.toString())
                        .replace("PORT", String.valueOf(port)));
        start("dovecot", "-F", "-c", conf.toString());
        RunningWeir weir = WEIR.start(config("imap", port));
        Await.until("a greeting", () -> greeted(weir, "* OK"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(line(client)).startsWith("* OK");
            client.send("a LOGIN joe secret\r\n");
            assertThat(line(client)).startsWith("a OK");
            for (int i = 0; i < 50; i++) {
                client.send("n" + i + " NOOP\r\n");
                assertThat(line(client)).startsWith("n" + i + " OK");
            }
            client.send("z LOGOUT\r\n");
            assertThat(List.of(line(client), line(client)))
                    .satisfiesExactly(
                            bye -> assertThat(bye).startsWith("* BYE"),
                            ok -> assertThat(ok).startsWith("z OK"));
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    private static String line(RawClient client) {
        StringBuilder line = new StringBuilder();
        for (String c = client.exactly(1); !c.equals("\n") && !c.isEmpty(); c = client.exactly(1)) {
            line.append(c);
        }
        return line.toString();
    }
}
