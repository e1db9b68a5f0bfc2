package io.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testkit.AdminDoor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class LateHandlerTest {

    private static final AdminRequest REQUEST =
            new AdminRequest(
                    "GET",
                    "/late",
                    "",
                    Map.of(),
                    new byte[0],
                    InetAddress.getLoopbackAddress(),
                    true,
                    null,
                    Caller.NOBODY);

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final LateHandler late = new LateHandler(() -> new Closable(made, closed));

    private record Closable(AtomicInteger made, AtomicInteger closed)
            implements AdminHandler, AutoCloseable {

        private Closable {
            made.incrementAndGet();
        }

        @Override
        public AdminResponse handle(AdminRequest request) {
            return AdminResponse.empty(204);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    void isMadeOnceByTheFirstRequestAndClosed() throws Exception {
        assertThat(made).hasValue(0);
        assertThat(late.handle(REQUEST).status()).isEqualTo(204);
        assertThat(late.handle(REQUEST).status()).isEqualTo(204);
        late.close();
        assertThat(made).hasValue(1);
        assertThat(closed).hasValue(1);
    }

    @Test
    void isNotMadeOnceItIsClosed() throws Exception {
        late.close();
        assertThatThrownBy(() -> late.handle(REQUEST)).isInstanceOf(IllegalStateException.class);
        assertThat(made).hasValue(0);
        assertThat(closed).hasValue(0);
    }

    @Test
    void isMadeWhileItIsFoundOutWhoAsks(@TempDir Path state) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        LateHandler handler =
                new LateHandler(
                        () -> {
                            begun.countDown();
                            return new Closable(made, closed);
                        });
        SignInCheck slow =
                (head, options) ->
                        new SignInCheck.Refused(
                                AdminResponse.empty(begun.await(30, TimeUnit.SECONDS) ? 401 : 500));
        try (AdminDoor door = AdminDoor.open(slow, state)) {
            door.server().mount("/late", handler, new MountOptions(0, MountOptions.SignIn.BASIC));
            assertThat(door.ask("GET", "/late", "", "").status()).isEqualTo(401);
        }
    }
}
