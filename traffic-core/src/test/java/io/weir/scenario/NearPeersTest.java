package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Connections within this machine do without the bandwidth estimates of the system's congestion
 * control. The kernel's own lists say which handles of this process are Weir's ends of them.
 */
class NearPeersTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** Of Linux, as is its length. */
    private static final RawUnixChannelOption CONGESTION =
            new RawUnixChannelOption("TCP_CONGESTION", 6, 13, 16);

    private static final String GET = "GET / HTTP/1.1\r\nHost: w\r\n\r\n";

    private static String systems = "";

    @BeforeAll
    static void ofTheSystem() throws IOException {
        assumeTrue(Epoll.isAvailable());
        systems = Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control")).strip();
        assumeFalse(systems.equals("reno"), "the system has nothing else");
    }

    @Test
    void connectionsToAndFromTheLoopbackAddressHaveThePlainestCongestionControl()
            throws IOException {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            assertThat(congestion(weir.port(), client.localPort())).containsExactly("reno");
            assertThat(congestion(-1, node.port())).containsExactly("reno");
        }
    }

    @Test
    void whereOthersMayConnectTheSystemsIsKept() throws IOException {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).listen("'*:0'"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            assertThat(congestion(weir.port(), client.localPort())).containsExactly(systems);
        }
    }

    /**
     * What the kernel says of this process' sockets between two ports.
     *
     * @param local -1 for any
     */
    private static List<String> congestion(int local, int remote) throws IOException {
        Set<String> sockets =
                Files.readAllLines(Path.of("/proc/net/tcp6")).stream()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(words -> words[0].endsWith(":") && words[3].equals("01"))
                        .filter(words -> local < 0 || port(words[1]) == local)
                        .filter(words -> port(words[2]) == remote)
                        .map(words -> "socket:[" + words[9] + "]")
                        .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> handles = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path handle : handles) {
                if (sockets.contains(target(handle))) {
                    found.add(name(Integer.parseInt(handle.getFileName().toString())));
                }
            }
        }
        return found;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    /** Empty when somebody has closed the handle meanwhile. */
    private static String target(Path handle) throws IOException {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (NoSuchFileException closed) {
            return "";
        }
    }

    private static String name(int handle) {
        // Only looked at: the handle stays Weir's.
        var value = new EpollSocketChannel(handle).config().getOption(CONGESTION);
        return StandardCharsets.US_ASCII.decode(value).toString().replace("\0", "");
    }
}
