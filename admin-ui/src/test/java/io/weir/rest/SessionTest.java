package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.control.AuditEntry;
import io.weir.control.Author;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class SessionTest {

    private static final Pattern COOKIE =
            Pattern.compile("(?i)set-cookie: (weir=[0-9a-f]*)(; [^\r\n]*)");

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
        rig.door
                .server()
                .mount(
                        SessionApi.PATH,
                        new SessionApi(rig.users, () -> false),
                        new MountOptions(SessionApi.MAX_BODY, SignIn.NONE));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aSessionReadsWithItsCookieAndChangesOnlyWithItsToken() throws Exception {
        Answer begun = signIn("root", RestRig.PASSWORD, "");
        assertThat(begun.status()).isEqualTo(200);
        Matcher cookie = cookie(begun);
        assertThat(cookie.group(2)).contains("HttpOnly").contains("SameSite=Strict");
        String session = cookie.group(1);
        assertThat(ask("GET", "/api/v1/config", session, "", "").status()).isEqualTo(200);
        String pool = "{\"nodes\":[\"a:80\"]}";
        String path = "/api/v1/config/pools/web";
        assertThat(ask("PUT", path, session, "", pool).status()).isEqualTo(403);
        assertThat(ask("PUT", path, session, "X-Weir-CSRF: guessed\r\n", pool).status())
                .isEqualTo(403);
        String field = "X-Weir-CSRF: " + csrf(begun) + "\r\n";
        assertThat(ask("PUT", path, session, field, pool).status()).isEqualTo(201);
        AuditEntry made = rig.control.audit().last(1).getFirst();
        assertThat(made.author().name()).isEqualTo("root");
        assertThat(made.author().channel()).isEqualTo(Author.Channel.UI);
        assertThat(made.objects()).containsExactly("pools/web");
        assertThat(
                        ask("PUT", path, session, field + "Origin: https://evil.example\r\n", pool)
                                .status())
                .isEqualTo(403);
    }

    @Test
    void aSessionEndsBySigningOutByIdlenessAndByAnotherPassword() throws Exception {
        String first = cookie(signIn("root", RestRig.PASSWORD, "")).group(1);
        assertThat(ask("DELETE", SessionApi.PATH, first, "", "").status()).isEqualTo(204);
        assertThat(ask("GET", "/api/v1/config", first, "", "").status()).isEqualTo(401);

        String second = cookie(signIn("root", RestRig.PASSWORD, "")).group(1);
        rig.ticker.advance(Duration.ofMinutes(29));
        assertThat(ask("GET", "/api/v1/config", second, "", "").status()).isEqualTo(200);
        rig.ticker.advance(Duration.ofMinutes(31));
        assertThat(ask("GET", "/api/v1/config", second, "", "").status()).isEqualTo(401);

        String third = cookie(signIn("root", RestRig.PASSWORD, "")).group(1);
        rig.users.setPassword("root", "another horse battery", RestRig.ROOT);
        assertThat(ask("GET", SessionApi.PATH, third, "", "").status()).isEqualTo(401);
    }

    @Test
    void noIdOfAClientIsEverTakenOver() throws Exception {
        String planted = "weir=" + "a".repeat(64);
        Answer begun = signIn("root", RestRig.PASSWORD, "Cookie: " + planted + "\r\n");
        assertThat(cookie(begun).group(1)).isNotEqualTo(planted);
        assertThat(ask("GET", "/api/v1/config", planted, "", "").status()).isEqualTo(401);
        String old = cookie(begun).group(1);
        String next = cookie(signIn("root", RestRig.PASSWORD, "Cookie: " + old + "\r\n")).group(1);
        assertThat(ask("GET", "/api/v1/config", old, "", "").status()).isEqualTo(401);
        assertThat(ask("GET", "/api/v1/config", next, "", "").status()).isEqualTo(200);
    }

    @Test
    void aOneTimeSecretOpensNothingButTheChoiceOfAPassword() throws Exception {
        String secret = String.valueOf(rig.users.add("eve", null, List.of("viewer"), RestRig.ROOT));
        assertThat(signIn("eve", secret, "").status()).isEqualTo(403);
        assertThat(choose("eve", secret, "short").status()).isEqualTo(400);
        Answer chosen = choose("eve", secret, "a password of mine");
        assertThat(chosen.status()).isEqualTo(400);
        assertThat(choose("eve", secret, "words that are mine").status()).isEqualTo(200);
        assertThat(signIn("eve", secret, "").status()).isEqualTo(401);
        assertThat(signIn("eve", "words that are mine", "").status()).isEqualTo(200);
    }

    @Test
    void wrongPasswordsAreRefusedLockedAndRecorded() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(signIn("root", "wrong wrong wrong", "").status()).isEqualTo(401);
        }
        assertThat(signIn("root", RestRig.PASSWORD, "").status()).isEqualTo(429);
        assertThat(rig.control.audit().last(100))
                .filteredOn(e -> e.action().equals("sign-in") && !e.accepted())
                .hasSize(6);
        rig.users.unlock("root", RestRig.ROOT);
        assertThat(signIn("root", RestRig.PASSWORD, "").status()).isEqualTo(200);
    }

    private Answer signIn(String user, String password, String fields) throws Exception {
        return rig.door.ask(
                "POST",
                SessionApi.PATH,
                fields,
                "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}");
    }

    private Answer choose(String user, String password, String chosen) throws Exception {
        return rig.door.ask(
                "POST",
                SessionApi.PATH,
                "",
                "{\"user\":\""
                        + user
                        + "\",\"password\":\""
                        + password
                        + "\",\"new-password\":\""
                        + chosen
                        + "\"}");
    }

    private Answer ask(String method, String path, String cookie, String fields, String body)
            throws Exception {
        return rig.door.ask(method, path, "Cookie: " + cookie + "\r\n" + fields, body);
    }

    private static Matcher cookie(Answer answer) {
        Matcher matcher = COOKIE.matcher(answer.head());
        assertThat(matcher.find()).as(answer.head()).isTrue();
        return matcher;
    }

    private static String csrf(Answer answer) {
        return JsonMapper.shared().readTree(answer.body()).get("csrf").stringValue();
    }
}
