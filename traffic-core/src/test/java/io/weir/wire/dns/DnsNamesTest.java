package io.weir.wire.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.DnsConfig;
import io.weir.pool.NodeNames;
import io.weir.testkit.Await;
import io.weir.wire.dns.TestNameServer.Mood;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(60)
class DnsNamesTest {

    private static final Duration TTL_AND_TWO_SECONDS = Duration.ofSeconds(3);

    /** For name servers that answer: how late is the machine's business. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestNameServer server = new TestNameServer();
    private @Nullable DnsNames started;
    private Path hosts = Path.of("hosts");

    @BeforeEach
    void writeHosts(@TempDir Path directory) throws IOException {
        hosts = directory.resolve("hosts");
        Files.writeString(hosts, "10.5.0.1 fixed\n::5 fixed\n127.0.0.1 localhost\n::1 localhost\n");
    }

    @AfterEach
    void stop() throws IOException {
        if (started != null) {
            started.close();
        }
        server.close();
    }

    @Test
    void findsTheAddressesOfBothFamiliesIpv4First() throws Exception {
        server.set("app.test", 60, "2001:db8::1", "10.0.0.2", "10.0.0.1");
        DnsNames names = start();
        Heard heard = follow(names, "app.test");

        assertThat(names.settle(Duration.ofSeconds(10))).isTrue();

        assertThat(heard.next()).isEqualTo("[10.0.0.1, 10.0.0.2, 2001:db8:0:0:0:0:0:1]");
    }

    @Test
    void followsAChangeWithinTheTtlAndTwoSeconds() {
        server.set("app.test", 1, "10.0.0.1");
        Heard heard = follow(start(), "app.test");
        assertThat(heard.next()).isEqualTo("[10.0.0.1]");

        AtomicInteger last = new AtomicInteger(1);
        Await.quick(
                "to follow a change",
                TTL_AND_TWO_SECONDS,
                () -> {
                    String next = "10.0.0." + last.incrementAndGet();
                    long begin = System.nanoTime();
                    server.set("app.test", 1, next);
                    assertThat(heard.next()).isEqualTo("[" + next + "]");
                    return Duration.ofNanos(System.nanoTime() - begin);
                });
    }

    @Test
    void theShortestTtlOfAnAliasChainCounts() {
        server.alias("app.test", 1, "one.test");
        server.set("one.test", 3600, "10.0.0.1");
        server.set("two.test", 3600, "10.0.0.2");
        Heard heard = follow(start(), "app.test");
        assertThat(heard.next()).isEqualTo("[10.0.0.1]");

        server.alias("app.test", 1, "two.test");

        assertThat(heard.next()).as("long before an hour is over").isEqualTo("[10.0.0.2]");
    }

    @Test
    void aNewOrderOfTheSameAddressesIsNoNews() {
        server.set("app.test", 0, "10.0.0.1", "10.0.0.2");
        Heard heard = follow(start(), "app.test");
        assertThat(heard.next()).isEqualTo("[10.0.0.1, 10.0.0.2]");
        server.set("app.test", 0, "10.0.0.2", "10.0.0.1");
        int asked = server.queries.get();
        Await.until("more questions", () -> server.queries.get() > asked + 6);
        server.set("app.test", 0, "10.0.0.3");

        assertThat(heard.next()).isEqualTo("[10.0.0.3]");
    }

    @Test
    void aNameThatDoesNotExistIsTriedAgainAndFoundWhenItDoes() {
        Heard heard = follow(start(), "late.test");
        assertThat(heard.next()).startsWith("not found: ").contains("late.test");

        server.set("late.test", 60, "10.0.0.1");

        assertThat(heard.next()).isEqualTo("[10.0.0.1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT", "BROKEN", "BOASTFUL"})
    void aServerThatFailsIsReportedOnceAndItsReturnToo(String mood) {
        server.set("app.test", 0, "10.0.0.1");
        Heard heard = follow(start(Duration.ofSeconds(1)), "app.test");
        assertThat(heard.next()).isEqualTo("[10.0.0.1]");

        server.mood(Mood.valueOf(mood));
        assertThat(heard.next()).startsWith("not found: ");
        int asked = server.queries.get();
        Await.until("more questions", () -> server.queries.get() > asked + 3);
        assertThat(heard.pending()).isZero();
        server.mood(Mood.WELL);

        assertThat(heard.next()).isEqualTo("[10.0.0.1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT_ON_IPV4", "BROKEN_ON_IPV4"})
    void aFamilyThatNoServerSpeaksOfKeepsItsAddresses(String mood) {
        server.set("app.test", 0, "10.0.0.1", "2001:db8::1");
        Heard heard = follow(start(Duration.ofSeconds(1)), "app.test");
        assertThat(heard.next()).isEqualTo("[10.0.0.1, 2001:db8:0:0:0:0:0:1]");

        server.mood(Mood.valueOf(mood));
        server.set("app.test", 0, "2001:db8::2");
        assertThat(heard.next()).isEqualTo("[10.0.0.1, 2001:db8:0:0:0:0:0:2]");
        server.mood(Mood.WELL);

        assertThat(heard.next())
                .as("the server says that there is none")
                .isEqualTo("[2001:db8:0:0:0:0:0:2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT_ON_IPV4", "BROKEN_ON_IPV4"})
    void aFamilyThatNoServerHasSpokenOfIsAskedForAgainBeforeTheTtlIsOver(String mood) {
        server.set("app.test", 3600, "10.0.0.1", "2001:db8::1");
        server.mood(Mood.valueOf(mood));
        Heard heard = follow(start(Duration.ofSeconds(1)), "app.test");
        assertThat(heard.next()).isEqualTo("[2001:db8:0:0:0:0:0:1]");

        server.mood(Mood.WELL);

        assertThat(heard.next()).isEqualTo("[10.0.0.1, 2001:db8:0:0:0:0:0:1]");
    }

    @Test
    void aNameOfOneFamilyIsNotAskedForBeforeItsTtlIsOver() throws IOException {
        server.set("app.test", 3600, "10.0.0.1");
        server.set("other.test", 0, "10.0.0.1");
        try (TestNameServer broken = new TestNameServer()) {
            broken.mood(Mood.BROKEN);
            DnsNames names =
                    new DnsNames(
                            config(LONG, broken.address(), server.address()), HostsFile.at(hosts));
            started = names;
            assertThat(follow(names, "app.test").next()).isEqualTo("[10.0.0.1]");
            int asked = server.queries.get();
            server.set("app.test", 3600, "10.0.0.2");
            follow(names, "other.test");
            Await.until("more questions", () -> server.queries.get() > asked + 20);

            assertThat(follow(names, "app.test").next()).isEqualTo("[10.0.0.1]");
        }
    }

    @Test
    void whyALookUpFailedIsSaidInWords() {
        server.mood(Mood.SILENT);

        assertThat(follow(start(Duration.ofMillis(300)), "app.test").next())
                .isEqualTo("not found: no answer within 300 ms");
    }

    @Test
    void answersTooLongForUdpComeOverTcp() {
        server.set("app.test", 60, "10.0.0.1", "10.0.0.2");
        server.mood(Mood.TERSE);

        assertThat(follow(start(), "app.test").next()).isEqualTo("[10.0.0.1, 10.0.0.2]");
        assertThat(server.tcpQueries.get()).isPositive();
    }

    @Test
    void theHostsFileGoesBeforeTheDns() {
        server.set("fixed", 60, "10.0.0.1");

        assertThat(follow(start(), "fixed").next()).isEqualTo("[10.5.0.1, 0:0:0:0:0:0:0:5]");
        assertThat(server.queries.get()).isZero();
    }

    @Test
    void localhostIsNeverAskedOfANameServer() throws IOException {
        assertThat(follow(start(), "localhost").next()).isEqualTo("[127.0.0.1, 0:0:0:0:0:0:0:1]");
        Files.writeString(hosts, "");
        assertThat(follow(names(), "app.localhost").next()).isEqualTo("[127.0.0.1]");
        assertThat(server.queries.get()).isZero();
    }

    @Test
    void theHostsFileOfTheSystemIsRead() {
        assertThat(HostsFile.ofSystem().find("localhost")).isNotEmpty();
    }

    @Test
    void whoComesLaterIsToldAtOnceAndOneLookUpServesAll() throws Exception {
        server.set("app.test", 60, "10.0.0.1");
        DnsNames names = start();
        assertThat(follow(names, "app.test").next()).isEqualTo("[10.0.0.1]");
        int asked = server.queries.get();

        assertThat(follow(names, "app.test").next()).isEqualTo("[10.0.0.1]");

        assertThat(names.settle(Duration.ofSeconds(10))).isTrue();
        assertThat(server.queries.get()).isEqualTo(asked);
    }

    @Test
    void namesThatNobodyFollowsAreNotLookedUp() {
        server.set("app.test", 0, "10.0.0.1");
        server.set("other.test", 0, "10.0.0.1");
        DnsNames names = start();
        Heard heard = new Heard();
        var following = names.follow("app.test", heard);
        assertThat(heard.next()).isEqualTo("[10.0.0.1]");

        following.close();
        server.set("app.test", 0, "10.0.0.2");
        Heard other = follow(names, "other.test");
        other.next();
        int asked = server.queries.get();
        Await.until("more questions", () -> server.queries.get() > asked + 6);

        assertThat(heard.pending()).isZero();
    }

    @Test
    void aLookUpThatHangsDoesNotKeepPoolsFromBeginning() throws Exception {
        server.mood(Mood.SILENT);
        DnsNames names = start();
        follow(names, "app.test");

        assertThat(names.settle(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void otherServersCountFromTheNextLookUpOn() throws IOException {
        try (TestNameServer other = new TestNameServer()) {
            server.set("app.test", 0, "10.0.0.1");
            other.set("app.test", 0, "10.0.0.2");
            Heard heard = follow(start(), "app.test");
            assertThat(heard.next()).isEqualTo("[10.0.0.1]");

            names().apply(config(LONG, other.address()));

            assertThat(heard.next()).isEqualTo("[10.0.0.2]");
        }
    }

    @Test
    void theSecondServerAnswersWhenTheFirstDoesNot() throws IOException {
        try (TestNameServer dead = new TestNameServer()) {
            dead.mood(Mood.SILENT);
            server.set("app.test", 60, "10.0.0.1");
            DnsNames names =
                    new DnsNames(
                            config(Duration.ofSeconds(1), dead.address(), server.address()),
                            HostsFile.at(hosts));
            started = names;

            assertThat(follow(names, "app.test").next()).isEqualTo("[10.0.0.1]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2, 10.0.0.2, 53",
        "10.0.0.2:5353, 10.0.0.2, 5353",
        "::1, 0:0:0:0:0:0:0:1, 53",
        "[::1]:54, 0:0:0:0:0:0:0:1, 54",
        "[::1], 0:0:0:0:0:0:0:1, 53"
    })
    void nameServersAreWrittenAsAddressesWithOrWithoutPort(String text, String host, int port) {
        assertThat(NameServer.parse(text).getAddress().getHostAddress()).isEqualTo(host);
        assertThat(NameServer.parse(text).getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dns.example", "10.0.0.2:x", "10.0.0:53"})
    void otherNameServersAreRefused(String text) {
        assertThatThrownBy(() -> NameServer.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private DnsNames start() {
        return start(LONG);
    }

    private DnsNames start(Duration timeout) {
        DnsNames names = new DnsNames(config(timeout, server.address()), HostsFile.at(hosts));
        started = names;
        return names;
    }

    private DnsNames names() {
        DnsNames names = started;
        if (names == null) {
            throw new AssertionError("not started");
        }
        return names;
    }

    private static DnsConfig config(Duration timeout, String... servers) {
        return new DnsConfig(
                List.of(servers), Duration.ofMillis(100), Duration.ofSeconds(60), timeout);
    }

    private static Heard follow(DnsNames names, String host) {
        Heard heard = new Heard();
        names.follow(host, heard);
        return heard;
    }

    /** What a listener was told, in order. */
    private static final class Heard implements NodeNames.Listener {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void found(List<InetAddress> addresses) {
            told.add(addresses.stream().map(InetAddress::getHostAddress).toList().toString());
        }

        @Override
        public void notFound(String why) {
            told.add("not found: " + why);
        }

        String next() {
            try {
                String text = told.poll(50, TimeUnit.SECONDS);
                return text == null ? "nothing within 50 s" : text;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        int pending() {
            return told.size();
        }
    }
}
