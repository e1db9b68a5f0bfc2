package io.weir.admin.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.admin.users.PasswordCheck.Outcome;
import io.weir.admin.users.PasswordCheck.Right;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.store.AccountStore;
import io.weir.event.EventTag;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Users whom somebody else knows. */
class DirectoryTest {

    private static final String GOOD = "correct horse battery";
    private static final String FROM = "127.0.0.1";

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, List<String>> known = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private boolean away;
    private Accounts accounts;
    private PasswordCheck check;

    @BeforeEach
    void open() throws Exception {
        accounts = Accounts.open(new AccountStore(state), events, ticker, random);
        accounts.add("root", GOOD, List.of("admin"), "test");
        check = new PasswordCheck(accounts, events, ticker, random, delay -> {});
        check.ask(
                (name, password) -> {
                    asked.add(name);
                    if (away) {
                        return new Directory.Away("connection refused");
                    }
                    List<String> roles = known.get(name.toLowerCase(java.util.Locale.ROOT));
                    return roles == null || !password.equals("secret")
                            ? new Directory.Unknown()
                            : new Directory.Known(roles);
                });
        known.put("alice", List.of("operator"));
    }

    @Test
    void comeInWithTheRolesThatTheirGroupsHaveAtEachSignIn() throws Exception {
        assertThat(user(check.check("alice", "secret", FROM)).roles()).containsExactly("operator");
        assertThat(user(check.check("Alice", "secret", FROM)).name()).isEqualTo("alice");
        assertThat(accounts.book().users()).containsOnlyKeys("root", "alice");
        known.put("alice", List.of("viewer", "no such role"));
        ticker.advance(Duration.ofMinutes(6));
        assertThat(user(check.check("alice", "secret", FROM)).roles()).containsExactly("viewer");
        known.remove("alice");
        ticker.advance(Duration.ofMinutes(6));
        assertThat(check.check("alice", "secret", FROM)).isInstanceOf(PasswordCheck.Wrong.class);
        Accounts again = Accounts.open(new AccountStore(state), events, ticker, random);
        assertThat(again.book().users().get("alice"))
                .extracting(User::source)
                .isEqualTo(User.Source.LDAP);
    }

    @Test
    void withoutARoleDoNotComeIn() throws Exception {
        known.put("bob", List.of());
        assertThat(check.check("bob", "secret", FROM)).isInstanceOf(PasswordCheck.NoRole.class);
        assertThat(events.texts(EventTag.LOGINFAILED).getLast()).contains("bob").contains("role");
    }

    @Test
    void neverTakeTheNameOfAUserOfWeirsOwn() throws Exception {
        known.put("root", List.of("admin"));
        assertThat(check.check("root", "secret", FROM)).isInstanceOf(PasswordCheck.Wrong.class);
        assertThat(asked).isEmpty();
        assertThat(check.check("ROOT", "secret", FROM)).isInstanceOf(PasswordCheck.NoRole.class);
        assertThat(check.takeUp("root", User.Source.OIDC, List.of("admin")))
                .isInstanceOf(PasswordCheck.NoRole.class);
        assertThat(accounts.book().users().get("root"))
                .extracting(User::source)
                .isEqualTo(User.Source.LOCAL);
    }

    @Test
    void areCalledAsTheyAreCalledThere() throws Exception {
        for (String name : List.of("o'brien", "paren(th*sis", "corp\\olga", "zoë müller", "山田")) {
            known.put(name, List.of("operator"));
            assertThat(user(check.check(name, "secret", FROM)).name()).isEqualTo(name);
        }
        for (String name : List.of("a:b", "a<b", "a\nb", "a\u202eb", " a", "..", "a".repeat(65))) {
            known.put(name, List.of("operator"));
            assertThat(check.check(name, "secret", FROM))
                    .as(name)
                    .isInstanceOf(PasswordCheck.NoRole.class);
        }
        assertThatThrownBy(() -> accounts.add("o'hara", GOOD, List.of("viewer"), "test"))
                .hasMessageContaining("expected up to 64 letters");
    }

    @Test
    void haveNeitherPasswordNorTokensNorRolesKeptHere() throws Exception {
        check.check("alice", "secret", FROM);
        assertThatThrownBy(() -> accounts.setPassword("alice", GOOD, "test"))
                .hasMessageContaining("known by ldap");
        assertThatThrownBy(() -> accounts.setRoles("alice", List.of("admin"), "test"))
                .hasMessageContaining("known by ldap");
        assertThatThrownBy(() -> accounts.addToken("alice", "", List.of(), null, "test"))
                .hasMessageContaining("known by ldap");
        known.put("alice", List.of("admin"));
        ticker.advance(Duration.ofMinutes(6));
        check.check("alice", "secret", FROM);
        assertThatThrownBy(() -> accounts.remove("root", "test"))
                .hasMessageContaining("nobody would be left");
    }

    @Test
    void areNotNeededForThoseOfWeirsOwnWhenNobodyCanBeAsked() throws Exception {
        away = true;
        assertThat(check.check("alice", "secret", FROM)).isInstanceOf(PasswordCheck.Away.class);
        assertThat(user(check.check("root", GOOD, FROM)).name()).isEqualTo("root");
        assertThat(events.texts(EventTag.LOGINFAILED).getLast()).contains("connection refused");
    }

    @Test
    void areLockedWhenSomebodyGuesses() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(check.check("alice", "guess " + i, FROM))
                    .isInstanceOf(PasswordCheck.Wrong.class);
        }
        assertThat(check.check("alice", "secret", FROM)).isInstanceOf(PasswordCheck.Locked.class);
        assertThat(asked).hasSize(5);
        assertThat(check.check("nobody", "", FROM)).isInstanceOf(PasswordCheck.Wrong.class);
        assertThat(asked).hasSize(5);
    }

    private static User user(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Right.class);
        return ((Right) outcome).user();
    }
}
