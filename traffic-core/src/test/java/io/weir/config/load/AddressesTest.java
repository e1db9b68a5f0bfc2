package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.util.List;

class AddressesTest {

    @Test
    void aListenerIsOnAllAddressesOrOnOne() throws Malformed {
        assertThat(Addresses.listen(":8080")).hasToString("*:8080");
        assertThat(Addresses.listen("*:8080")).hasToString("*:8080");
        assertThat(Addresses.listen("http://:8080")).hasToString("*:8080");
        assertThat(Addresses.listen("http://127.0.0.1:8080/")).hasToString("127.0.0.1:8080");
        assertThat(Addresses.listen("[::1]:8080")).hasToString("[::1]:8080");
        assertThat(Addresses.listen("127.0.0.1:0")).hasToString("127.0.0.1:0");
    }

    @Test
    void anIpv6AddressHasOneSpelling() {
        assertThat(Addresses.literal("0:0:0:0:0:0:0:1")).isEqualTo("::1");
        assertThat(Addresses.literal("::")).isEqualTo("::");
        assertThat(Addresses.literal("2001:DB8::0:1")).isEqualTo("2001:db8::1");
        assertThat(Addresses.literal("2001:db8:0:0:1:0:0:1")).isEqualTo("2001:db8::1:0:0:1");
        assertThat(Addresses.literal("2001:db8:0:1:1:1:1:1")).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(Addresses.literal("fe80:0:0:0:0:0:0:0")).isEqualTo("fe80::");
        assertThat(Addresses.literal("::ffff:10.0.0.1")).isEqualTo("10.0.0.1");
    }

    @Test
    void whatIsNoAddressIsNone() {
        for (String text :
                List.of(
                        "",
                        "1",
                        "1.2",
                        "1.2.3",
                        "1.2.3.4.5",
                        "01.2.3.4",
                        "1.2.3.256",
                        "1.2.3.-4",
                        "1.2.3.4 ",
                        ":",
                        ":::",
                        "1::2::3",
                        "fe80::1%eth0",
                        "g::1",
                        "::1:")) {
            assertThat(Addresses.literal(text)).as(text).isNull();
        }
    }

    @Test
    void aNodeIsAnAddressOrANameWithAPort() throws Malformed {
        assertThat(Addresses.node("10.0.0.1:80", 0)).hasToString("10.0.0.1:80");
        assertThat(Addresses.node("App-1.Example.COM:8080", 0))
                .hasToString("app-1.example.com:8080");
        assertThat(Addresses.node("my_service:80", 0)).hasToString("my_service:80");
        assertThat(Addresses.node("[2001:DB8::1]:80", 0)).hasToString("[2001:db8::1]:80");
        assertThat(Addresses.node("app", 80)).hasToString("app:80");
        assertThat(Addresses.node("[::1]", 80)).hasToString("[::1]:80");
    }

    @Test
    void whatIsNoNodeIsRefused() {
        for (String text :
                List.of(
                        "",
                        ":80",
                        "app",
                        "app:",
                        "app:0",
                        "app:65536",
                        "app:8o",
                        "a b:80",
                        "-a:80",
                        "a-:80",
                        "a..b:80",
                        ".a:80",
                        "1.2.3:80",
                        "1.2.3.4.5:80",
                        "256.1.1.1:80",
                        "::1:80",
                        "[::1:80",
                        "[::1]80",
                        "[app]:80",
                        "*:80",
                        "0.0.0.0:80",
                        "[::]:80",
                        "http://a:80",
                        "a:80/x",
                        "é:80",
                        "a".repeat(64) + ":80",
                        "a.".repeat(127) + "aa:80")) {
            assertThatExceptionOfType(Malformed.class)
                    .as(text)
                    .isThrownBy(() -> Addresses.node(text, 0));
        }
    }

    @Test
    void aBlockHasNothingBehindItsPrefix() throws Malformed {
        assertThat(Addresses.block("10.0.0.0/8")).isEqualTo("10.0.0.0/8");
        assertThat(Addresses.block("0.0.0.0/0")).isEqualTo("0.0.0.0/0");
        assertThat(Addresses.block("10.1.2.3/32")).isEqualTo("10.1.2.3/32");
        assertThat(Addresses.block("10.1.2.3")).isEqualTo("10.1.2.3");
        assertThat(Addresses.block("2001:DB8::/32")).isEqualTo("2001:db8::/32");
        assertThat(Addresses.block("::/0")).isEqualTo("::/0");
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> Addresses.block("192.168.17.0/20"))
                .satisfies(e -> assertThat(e.suggestion()).isEqualTo("192.168.16.0/20"));
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> Addresses.block("2001:db8::1/64"))
                .satisfies(e -> assertThat(e.suggestion()).isEqualTo("2001:db8::/64"));
        for (String text : List.of("", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "a/8")) {
            assertThatExceptionOfType(Malformed.class)
                    .as(text)
                    .isThrownBy(() -> Addresses.block(text));
        }
    }

    @Test
    void aNameServerHasPort53UnlessItSaysOtherwise() throws Malformed {
        assertThat(Addresses.nameServer("10.0.0.2")).isEqualTo("10.0.0.2:53");
        assertThat(Addresses.nameServer("10.0.0.2:5353")).isEqualTo("10.0.0.2:5353");
        assertThat(Addresses.nameServer("2001:db8::2")).isEqualTo("[2001:db8::2]:53");
        assertThat(Addresses.nameServer("[2001:db8::2]:54")).isEqualTo("[2001:db8::2]:54");
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> Addresses.nameServer("dns.example.com:53"));
    }
}
