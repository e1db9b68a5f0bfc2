package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.admin.users.Role;
import io.weir.control.store.AccountStore;
import io.weir.event.BoundedEventBus;
import io.weir.testkit.AdminDoor;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
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
    void close() {
        extension.stop();
        door.close();
        rig.close();
        events.close();
    }

    @Test
    void soapLiteDrainsWeighsAndCreates() throws Exception {
        assumeTrue(works("perl", "-MSOAP::Lite", "-e", "1"), "SOAP::Lite is not installed");
        String output = run("soaplite.pl", "perl", base() + "/soap");

        assertThat(output).contains("fault: ObjectDoesNotExist").contains("object: nope");
    }

    @Test
    void zeepDoesTheSameByTheLiteralDescriptions() throws Exception {
        String python =
                Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
        assumeTrue(works(python, "-c", "import zeep"), "zeep is not installed");
        String output = run("zeep_client.py", python, base());

        assertThat(output).contains("fault: ObjectDoesNotExist");
    }

    @Test
    void whoDoesNotSignInIsAskedTo() throws Exception {
        AdminDoor.Answer answer = door.ask("POST", "/soap", "Content-Type: text/xml\r\n", "<a/>");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.head()).containsIgnoringCase("www-authenticate: basic");
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

    private String run(String script, String interpreter, String address) throws Exception {
        Path file = directory.resolve(script);
        try (InputStream in = RealClientsTest.class.getResourceAsStream("/clients/" + script)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        Process process =
                new ProcessBuilder(interpreter, file.toString(), address, "admin", PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
