package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class ShrinkGuardTest {

    @Test
    void letsASingleNodeGo() {
        assertThat(ShrinkGuard.losses(Configs.web("a:1", "b:1"), Configs.web("a:1"))).isEmpty();
    }

    @Test
    void letsAQuarterOfTheNodesGoAndNoMore() {
        WeirConfig eight = Configs.web(nodes(8));
        assertThat(ShrinkGuard.losses(eight, Configs.web(nodes(6)))).isEmpty();
        assertThat(ShrinkGuard.losses(eight, Configs.web(nodes(5))))
                .containsExactly("removes 3 of 8 nodes (n5:80 in web, n6:80 in web, n7:80 in web)");
    }

    @Test
    void letsNodesBeReplacedByOthers() {
        assertThat(
                        ShrinkGuard.losses(
                                Configs.web("a:1", "b:1", "c:1"), Configs.web("d:1", "e:1", "f:1")))
                .isEmpty();
    }

    @Test
    void tellsWhenAListenerGoes() {
        WeirConfig before = new Configs().pool("p", "a:1").server("web", "p", 80, 81).build();
        WeirConfig after = new Configs().pool("p", "a:1").server("web", "p", 80).build();
        assertThat(ShrinkGuard.losses(before, after))
                .containsExactly("removes the listener 127.0.0.1:81");
    }

    @Test
    void letsAListenerMoveToAnotherPort() {
        WeirConfig before = new Configs().pool("p", "a:1").server("web", "p", 80).build();
        WeirConfig after = new Configs().pool("p", "a:1").server("web", "p", 8080).build();
        assertThat(ShrinkGuard.losses(before, after)).isEmpty();
    }

    @Test
    void tellsWhenManyVirtualServersGo() {
        Configs before = new Configs().pool("p", "a:1");
        IntStream.range(0, 4).forEach(i -> before.server("s" + i, "p"));
        Configs after = new Configs().pool("p", "a:1").server("s0", "p").server("s1", "p");
        assertThat(ShrinkGuard.losses(before.build(), after.build()))
                .containsExactly("removes 2 of 4 virtual servers (s2, s3)");
    }

    private static String[] nodes(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i + ":80").toArray(String[]::new);
    }
}
