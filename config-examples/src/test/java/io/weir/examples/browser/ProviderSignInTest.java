package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.Installation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Signing in with a browser at a provider of OpenID Connect. */
@ExtendWith(AtTheDesk.class)
class ProviderSignInTest {

    @Test
    void whoTheProviderKnowsComesInWithTheRoleOfTheGroupAndAStrangerDoesNot(Desk desk)
            throws Exception {
        Page usual = desk.newPage();
        usual.sees("Sign in");
        assertThat(usual.offers("Sign in with OpenID Connect")).isFalse();

        Path home = desk.directory("provider");
        try (SmallProvider provider = new SmallProvider()) {
            Path file =
                    Files.writeString(
                            home.resolve("weir.yaml"),
                            """
                            virtual-servers:
                              web: {listen: 127.0.0.1:0, pool: web}
                            pools:
                              web: {nodes: [%s]}
                            global:
                              metrics: off
                              admin:
                                listen: 127.0.0.1:0
                                oidc: {issuer: "%s", roles: [ops=operator]}
                            """
                                    .formatted(desk.node(1), provider.issuer()));
            try (Installation.Running weir =
                    new Installation(home.resolve("weir"))
                            .start(Map.of(), "run", file.toString())) {
                Desk.Door door = Desk.Door.of(weir);
                Page page = desk.newPage(door);
                page.press("Sign in with OpenID Connect");
                page.fill("Who are you?", "olga");
                page.press("Continue");
                page.sees("Nodes at work");
                page.sees("olga");
                page.go("services/pool/web", "Pool web");
                assertThat(page.offers("Drain")).isTrue();
                page.go("system", "System");
                assertThat(page.offers("Users")).isFalse();
                page.press("Sign out");

                page.press("Sign in with OpenID Connect");
                page.fill("Who are you?", "stranger");
                page.press("Continue");
                page.sees("the user may do nothing here");
                page.press("Back to the sign-in page");
                page.sees("First time here?");
            }
        }
    }
}
