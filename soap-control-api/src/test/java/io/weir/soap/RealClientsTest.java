package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.admin.users.Role;
import io.weir.control.store.AccountStore;
import io.weir.event.BoundedEventBus;
import io.weir.event.EventTag;
import io.weir.testkit.AdminDoor;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients of the distribution against an admin server that asks for a password. */
class RealClientsTest {

    private static final String PASSWORD = "correct-horse-battery-staple";

    @TempDir Path directory;
    @TempDir Path adminState;
    private final BoundedEventBus events = BoundedEventBus.start(Ticker.system());
    private final SoapExtension extension = new SoapExtension();
    private SoapRig rig;
    private AdminDoor door;

    @BeforeEach
    void open() throws Exception {
        rig = SoapRig.managed(directory, "pools: {web: {nodes: [\"127.0.0.1:81\"]}}\n");
        SecureRandom random = new SecureRandom();
        Accounts accounts =
                Accounts.open(new AccountStore(adminState), events, Ticker.system(), random);
        accounts.add("admin", PASSWORD, List.of(Role.ADMIN), "test");
        PasswordCheck passwords =
                new PasswordCheck(accounts, events, Ticker.system(), random, Thread::sleep);
        door = AdminDoor.open(new Gatekeeper(accounts, passwords, Ticker.system()), adminState);
        extension.start(rig.context(door.server()));
    }

    @AfterEach
    void close() throws Exception {
        extension.stop();
        door.close();
        rig.close();
        events.close();
    }

    @Test
    void soapLiteDrainsWeighsAndCreates() throws Exception {
        assumeTrue(works("perl", "-MSOAP::Lite", "-e", "1"), "SOAP::Lite is not installed");

        assertThat(run("soaplite.pl", "perl")).contains("fault: ObjectDoesNotExist");
    }

    @Test
    void phpDoesTheSame() throws Exception {
        assumeTrue(
                works("php", "-r", "exit(class_exists('SoapClient') ? 0 : 1);"),
                "PHP's SoapClient is not installed");

        assertThat(run("php_client.php", "php")).contains("nothing added");
    }

    @Test
    void sudsDoesTheSame() throws Exception {
        assumeTrue(works(python(), "-c", "import suds"), "suds is not installed");

        assertThat(run("suds_client.py", python())).contains("object: nope");
    }

    @Test
    void zeepDoesTheSameByTheLiteralDescriptions() throws Exception {
        assumeTrue(works(python(), "-c", "import zeep"), "zeep is not installed");

        assertThat(run("zeep_client.py", python())).contains("fault: ObjectDoesNotExist");
    }

    @Test
    void whoDoesNotSignInIsAskedTo() throws Exception {
        AdminDoor.Answer answer = door.ask("POST", "/soap", "Content-Type: text/xml\r\n", "<a/>");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.head()).containsIgnoringCase("www-authenticate: basic");
    }

    @Test
    void wrongCredentialsOpenNothingAndAreTold() throws Exception {
        String wrong =
                java.util.Base64.getEncoder()
                        .encodeToString("admin:guess".getBytes(StandardCharsets.UTF_8));
        for (String word : new String[] {wrong, "%%%", ""}) {
            AdminDoor.Answer answer =
                    door.ask(
                            "POST",
                            "/soap",
                            "Content-Type: text/xml\r\nAuthorization: Basic " + word + "\r\n",
                            "<a/>");
            assertThat(answer.status()).as(word).isEqualTo(401);
            assertThat(answer.body()).doesNotContain("Envelope");
        }
        assertThat(events.flush(java.time.Duration.ofSeconds(30))).isTrue();
        assertThat(events.recent(50)).anyMatch(event -> event.tag() == EventTag.LOGINFAILED);
    }

    private String base() {
        return "http://127.0.0.1:" + door.address().getPort();
    }

    private static boolean works(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** That of the distribution has the distribution's libraries. */
    private static String python() {
        return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
    }

    private String run(String script, String interpreter) throws Exception {
        Path file = Path.of("src", "test", "clients", script).toAbsolutePath();
        Process process =
                new ProcessBuilder(interpreter, file.toString(), base(), "admin", PASSWORD)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
