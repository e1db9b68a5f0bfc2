package io.weir.admin.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.admin.AdminRequest;
import io.weir.admin.Caller;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.SignInCheck.LetIn;
import io.weir.admin.SignInCheck.Refused;
import io.weir.admin.SignInCheck.Verdict;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.store.AccountStore;
import io.weir.event.EventTag;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class AccountsTest {

    private static final String GOOD = "correct horse battery";

    @TempDir Path state;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private final SecureRandom random = new SecureRandom();
    private final List<Duration> delays = new ArrayList<>();

    private Accounts open() {
        return Accounts.open(new AccountStore(state), events, ticker, random);
    }

    private Gatekeeper gate(Accounts accounts) {
        return new Gatekeeper(
                accounts, new PasswordCheck(accounts, events, ticker, random, delays::add), ticker);
    }

    @Test
    void theFirstStartMakesASecretForOneUseAndThereIsNoDefaultPassword() throws Exception {
        Accounts accounts = open();
        assertThat(accounts.book().users()).isEmpty();
        String secret = Objects.requireNonNull(accounts.firstSecret());
        assertThat(secret).hasSizeGreaterThan(20);
        assertThat(status(basic(gate(accounts), "admin", secret))).isEqualTo(403);
        assertThat(status(basic(gate(accounts), "admin", "admin"))).isEqualTo(401);

        String second = Objects.requireNonNull(open().firstSecret());
        assertThat(status(basic(gate(open()), "admin", secret))).isEqualTo(401);
        assertThat(second).isNotEqualTo(secret);

        Accounts later = open();
        later.setPassword("admin", GOOD, "test");
        assertThat(later.firstSecret()).isNull();
        assertThat(open().firstSecret()).isNull();
        assertThat(caller(basic(gate(open()), "admin", GOOD)).permissions())
                .isEqualTo(Permissions.ALL);
    }

    @Test
    void keepsOnlyHashesReadableByTheOwnerAlone() throws Exception {
        Accounts accounts = open();
        accounts.add("alice", GOOD, List.of("viewer"), "test");
        String token = accounts.addToken("alice", "script", List.of(), null, "test");
        String kept = Files.readString(state.resolve("users"));
        assertThat(kept).contains("$argon2id$v=19$").doesNotContain(GOOD).doesNotContain(token);
        assertThat(Files.getPosixFilePermissions(state.resolve("users"))).hasSize(2);
        assertThat(events.recent(100).toString()).doesNotContain(GOOD).doesNotContain(token);
    }

    @Test
    void refusesWeakPasswordsAndStrangeNames() throws Exception {
        Accounts accounts = open();
        for (String weak :
                List.of("short", "alicealicealice", "aaaaaaaaaaaaaaa", "mypassword12345")) {
            assertThatThrownBy(() -> accounts.add("alice", weak, List.of(), "test"))
                    .as(weak)
                    .hasMessageContaining("the password");
        }
        assertThatThrownBy(() -> accounts.add("a b", GOOD, List.of(), "test"))
                .hasMessageContaining("the name is 'a b'");
        assertThatThrownBy(() -> accounts.add("alice", GOOD, List.of("boss"), "test"))
                .hasMessageContaining("the role is 'boss', expected one of");
        assertThat(accounts.book().users()).isEmpty();
        accounts.add("alice", GOOD, List.of(), "test");
        assertThatThrownBy(() -> accounts.add("Alice", GOOD, List.of(), "test"))
                .hasMessageContaining("already");
    }

    @Test
    void locksAfterFiveWrongPasswordsForAWhileAndSaysSo() throws Exception {
        Accounts accounts = open();
        accounts.add("alice", GOOD, List.of("viewer"), "test");
        Gatekeeper gate = gate(accounts);
        List<String> refused = new ArrayList<>();
        gate.reportTo((name, from) -> refused.add(name + " from " + from));
        for (int i = 0; i < 4; i++) {
            assertThat(status(basic(gate, "alice", "wrong"))).isEqualTo(401);
        }
        assertThat(events.texts(EventTag.LOGINLOCKED)).isEmpty();
        assertThat(status(basic(gate, "alice", "wrong"))).isEqualTo(401);
        assertThat(events.texts(EventTag.LOGINLOCKED))
                .singleElement()
                .asString()
                .contains("alice")
                .contains("127.0.0.1");
        assertThat(status(basic(gate, "alice", GOOD))).isEqualTo(429);
        assertThat(refused).hasSize(6).containsOnly("alice from 127.0.0.1");
        assertThat(delays).isSorted().hasSize(5).doesNotHaveDuplicates();
        ticker.advance(Duration.ofMinutes(16));
        assertThat(caller(basic(gate, "alice", GOOD)).name()).isEqualTo("alice");
        assertThat(events.recent(100).toString()).doesNotContain("wrong\"");
    }

    @Test
    void aLockEndsWhatIsRememberedForTheAddressThatGuessesAndForNoOther() throws Exception {
        Accounts accounts = open();
        accounts.add("alice", GOOD, List.of("viewer"), "test");
        PasswordCheck check = new PasswordCheck(accounts, events, ticker, random, delays::add);
        assertThat(check.check("alice", GOOD, "10.0.0.1")).isInstanceOf(PasswordCheck.Right.class);
        assertThat(check.check("alice", GOOD, "10.0.0.2")).isInstanceOf(PasswordCheck.Right.class);
        for (int i = 0; i < 5; i++) {
            assertThat(check.check("alice", "wrong", "10.0.0.2"))
                    .isInstanceOf(PasswordCheck.Wrong.class);
        }
        assertThat(check.check("alice", GOOD, "10.0.0.2")).isInstanceOf(PasswordCheck.Locked.class);
        assertThat(check.check("alice", GOOD, "10.0.0.3")).isInstanceOf(PasswordCheck.Locked.class);
        assertThat(check.check("alice", GOOD, "10.0.0.1")).isInstanceOf(PasswordCheck.Right.class);
    }

    @Test
    void guessesUnderWayNeitherEndALockNorAreTold() throws Exception {
        Accounts accounts = open();
        PasswordCheck check = new PasswordCheck(accounts, events, ticker, random, delays::add);
        check.ask(
                (name, password) -> {
                    // While this one is looked at, others bring about the lock.
                    for (int i = 0; !password.equals("wrong") && i < 5; i++) {
                        assertThat(check.check(name, "wrong", "10.0.0.2"))
                                .isInstanceOf(PasswordCheck.Wrong.class);
                    }
                    return password.equals(GOOD)
                            ? new Directory.Known(List.of("viewer"))
                            : new Directory.Unknown();
                });
        Duration whole = Duration.ofMinutes(15);
        for (String name : List.of("alice", "bob")) {
            String password = name.equals("alice") ? GOOD : "not it";
            assertThat(check.check(name, password, "10.0.0.1"))
                    .as(name)
                    .isEqualTo(new PasswordCheck.Locked(whole));
            assertThat(check.locked(name)).as(name).isEqualTo(whole);
        }
        ticker.advance(whole);
        assertThat(check.check("alice", "wrong", "10.0.0.2")).isEqualTo(new PasswordCheck.Wrong());
    }

    @Test
    void aWrongPasswordDuringALockDoesNotEndIt() {
        Lockouts lockouts = new Lockouts(ticker);
        Duration whole = Duration.ofMinutes(15);
        assertThat(lockouts.failed("alice", 2, whole)).isFalse();
        assertThat(lockouts.failed("alice", 2, whole)).isTrue();
        ticker.advance(Duration.ofMinutes(5));
        assertThat(lockouts.failed("alice", 2, whole)).isFalse();
        assertThat(lockouts.locked("alice")).isEqualTo(Duration.ofMinutes(10));
        ticker.advance(Duration.ofMinutes(10));
        assertThat(lockouts.failed("alice", 2, whole)).isFalse();
        assertThat(lockouts.failed("alice", 2, whole)).isTrue();
    }

    @Test
    void aRoleThatGrantsNothingForAKindAddsNothingToOthers() throws Exception {
        Accounts accounts = open();
        accounts.setRole(
                "none", new Permissions(Map.of("pools", EnumSet.noneOf(Permission.class))), "test");
        accounts.setRole(
                "reads", new Permissions(Map.of("pools", EnumSet.of(Permission.READ))), "test");
        accounts.add("alice", GOOD, List.of("none", "reads"), "test");
        String token = accounts.addToken("alice", "", List.of(), null, "test");

        Permissions both =
                caller(gate(accounts).check(request("Bearer " + token), options())).permissions();

        assertThat(both.granted()).isEqualTo(Map.of("pools", EnumSet.of(Permission.READ)));
    }

    @Test
    void aChangedPasswordAndARemovedUserHoldAtOnce() throws Exception {
        Accounts accounts = open();
        accounts.add("root", GOOD, List.of("admin"), "test");
        accounts.add("alice", GOOD, List.of("viewer"), "test");
        Gatekeeper gate = gate(accounts);
        assertThat(caller(basic(gate, "alice", GOOD)).name()).isEqualTo("alice");
        accounts.setPassword("alice", "another horse battery", "test");
        assertThat(status(basic(gate, "alice", GOOD))).isEqualTo(401);
        accounts.remove("alice", "test");
        assertThat(status(basic(gate, "alice", "another horse battery"))).isEqualTo(401);
        assertThatThrownBy(() -> accounts.remove("root", "test"))
                .hasMessageContaining("nobody would be left");
        assertThatThrownBy(() -> accounts.setRoles("root", List.of("viewer"), "test"))
                .hasMessageContaining("nobody would be left");
    }

    @Test
    void aTokenMayDoNoMoreThanItsOwnerAndEndsWhenItIsOver() throws Exception {
        Accounts accounts = open();
        accounts.add("root", GOOD, List.of("admin"), "test");
        String limited =
                accounts.addToken(
                        "root",
                        "read",
                        List.of("viewer"),
                        ticker.now().plus(Duration.ofDays(1)),
                        "test");
        Gatekeeper gate = gate(accounts);
        Caller caller = caller(gate.check(request("Bearer " + limited), options()));
        assertThat(caller.allows("pools", Permission.READ)).isTrue();
        assertThat(caller.allows("pools", Permission.CHANGE)).isFalse();
        assertThat(caller.allows("users", Permission.READ)).isFalse();
        assertThat(caller(basic(gate, "root", limited)).name()).isEqualTo("root");
        assertThat(status(basic(gate, "alice", limited))).isEqualTo(401);

        accounts.setRoles("root", List.of("admin", "viewer"), "test");
        ticker.advance(Duration.ofDays(2));
        assertThat(status(gate.check(request("Bearer " + limited), options()))).isEqualTo(401);
        String whole = accounts.addToken("root", "all", List.of(), null, "test");
        assertThat(caller(gate.check(request("Bearer " + whole), options())).permissions())
                .isEqualTo(Permissions.ALL);
        accounts.removeToken(
                "root",
                whole.substring(whole.indexOf('_') + 1, whole.indexOf('_', whole.indexOf('_') + 1)),
                "test");
        assertThat(status(gate.check(request("Bearer " + whole), options()))).isEqualTo(401);
    }

    @Test
    void rolesMadeByPeopleGrantByKindAndSurviveARestart() throws Exception {
        Accounts accounts = open();
        accounts.setRole(
                "drainer",
                new Permissions(
                        Map.of(
                                "pools", EnumSet.of(Permission.READ, Permission.OPERATE),
                                "rules", EnumSet.of(Permission.READ))),
                "test");
        accounts.add("bob", GOOD, List.of("drainer"), "test");
        assertThatThrownBy(() -> accounts.removeRole("drainer", "test"))
                .hasMessageContaining("bob has the role");
        Caller bob = caller(basic(gate(open()), "bob", GOOD));
        assertThat(bob.allows("pools", Permission.OPERATE)).isTrue();
        assertThat(bob.allows("pools", Permission.CHANGE)).isFalse();
        assertThat(bob.allows("rules", Permission.OPERATE)).isFalse();
        assertThat(bob.allows("monitors", Permission.READ)).isFalse();
    }

    @Test
    void challengesForBasicOnlyWhereThatIsWanted() throws Exception {
        Gatekeeper gate = gate(open());
        Refused soap = (Refused) gate.check(request(null), options());
        assertThat(soap.answer().fields().toString()).contains("Basic realm=\"Weir\"");
        Refused rest =
                (Refused) gate.check(request(null), new MountOptions(1, SignIn.SESSION_OR_TOKEN));
        assertThat(rest.answer().fields().toString()).doesNotContain("Basic");
        for (String strange : List.of("Basic !!", "Basic " + base64("no colon"), "Digest x", "")) {
            assertThat(status(gate.check(request(strange), options()))).isEqualTo(401);
        }
    }

    private static Verdict basic(Gatekeeper gate, String name, String password) throws Exception {
        return gate.check(request("Basic " + base64(name + ":" + password)), options());
    }

    private static MountOptions options() {
        return new MountOptions(1, SignIn.BASIC);
    }

    private static AdminRequest request(@Nullable String authorization) {
        return new AdminRequest(
                "GET",
                "/",
                "",
                authorization == null ? Map.of() : Map.of("authorization", List.of(authorization)),
                new byte[0],
                InetAddress.getLoopbackAddress(),
                true,
                null,
                new Caller("", "127.0.0.1", Permissions.NONE, Caller.Means.NONE));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int status(Verdict verdict) {
        return verdict instanceof Refused(var answer) ? answer.status() : 200;
    }

    private static Caller caller(Verdict verdict) {
        assertThat(verdict).isInstanceOf(LetIn.class);
        return ((LetIn) verdict).caller();
    }
}
