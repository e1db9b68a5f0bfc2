package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.weir.control.store.Directories.Choice;
import io.weir.control.store.Directories.Machine;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class DirectoriesTest {

    @TempDir Path root;

    private Path home;
    private Path runtime;

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(root.resolve("home/ann"));
        runtime = Files.createDirectories(root.resolve("run/user/1000"));
    }

    @Test
    void areThoseOfTheSystemForRoot() {
        Directories found = Directories.find(Choice.DEFAULT, machine(0, Map.of()));
        assertThat(found.run()).isEqualTo(root.resolve("run/weir"));
        assertThat(found.state()).isEqualTo(root.resolve("var/lib/weir"));
        assertThat(found.log()).isEqualTo(root.resolve("var/log/weir"));
        assertThat(found.socket()).isEqualTo(root.resolve("run/weir/weir.sock"));
    }

    @Test
    void areThoseOfTheUserForAnybodyElse() {
        Machine machine =
                new Machine(
                        root.resolve("nowhere"),
                        Map.of("XDG_RUNTIME_DIR", runtime.toString()),
                        home,
                        1000);
        Directories found = Directories.find(Choice.DEFAULT, machine);
        assertThat(found.run()).isEqualTo(runtime.resolve("weir"));
        assertThat(found.state()).isEqualTo(home.resolve(".local/state/weir"));
        assertThat(found.log()).isEqualTo(home.resolve(".local/state/weir/log"));
    }

    @Test
    void areNotInTheRuntimeDirectoryOfAnotherUser() throws IOException {
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(runtime), "this user may write everywhere");
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
        Machine machine = new Machine(root.resolve("nowhere"), environment, home, 1000);
        assertThat(Directories.find(Choice.DEFAULT, machine).run())
                .isEqualTo(root.resolve("nowhere/tmp/weir-1000"));
    }

    @Test
    void fallBackToAPrivateDirectoryUnderTmp() {
        Machine machine = new Machine(root.resolve("nowhere"), Map.of(), home, 1000);
        assertThat(Directories.find(Choice.DEFAULT, machine).run())
                .isEqualTo(root.resolve("nowhere/tmp/weir-1000"));
    }

    @Test
    void carryTheNameOfTheInstance() {
        Choice choice = new Choice("edge", null, null, null);
        Directories found = Directories.find(choice, machine(0, Map.of()));
        assertThat(found.run()).isEqualTo(root.resolve("run/weir-edge"));
        assertThat(found.state()).isEqualTo(root.resolve("var/lib/weir-edge"));
        assertThat(found.log()).isEqualTo(root.resolve("var/log/weir-edge"));
    }

    @Test
    void refuseANameThatIsAPath() {
        Choice choice = new Choice("../edge", null, null, null);
        assertThatThrownBy(() -> Directories.find(choice, machine(0, Map.of())))
                .hasMessageContaining("'../edge'")
                .hasMessageContaining("expected");
    }

    @Test
    void followTheEnvironmentAndBeforeItTheOptions() {
        Map<String, String> environment =
                Map.of("WEIR_RUN_DIR", "/env/run", "WEIR_STATE_DIR", "/env/state");
        Choice choice = new Choice(null, Path.of("/option/run"), null, Path.of("/option/log"));
        Directories found = Directories.find(choice, machine(0, environment));
        assertThat(found)
                .isEqualTo(
                        new Directories(
                                Path.of("/option/run"),
                                Path.of("/env/state"),
                                Path.of("/option/log")));
    }

    @Test
    void letTheCommandLineLookWhereverAWeirMayRun() {
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
        assertThat(Directories.runCandidates(Choice.DEFAULT, machine(0, environment)))
                .containsExactly(
                        runtime.resolve("weir"),
                        root.resolve("run/weir"),
                        root.resolve("tmp/weir-0"));
    }

    @Test
    void areCreatedForTheirOwnerOnly() throws IOException {
        Directories found = Directories.find(Choice.DEFAULT, machine(0, Map.of()));
        found.create();
        found.create();
        for (Path directory : new Path[] {found.run(), found.state(), found.log()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void refuseASymbolicLinkInPlaceOfTheRunDirectory() throws IOException {
        Path link = root.resolve("link");
        Files.createSymbolicLink(link, home);
        Directories found = new Directories(link, root.resolve("state"), root.resolve("log"));
        assertThatThrownBy(found::create)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(link.toString())
                .hasMessageContaining("symbolic link");
    }

    @Test
    void refuseADirectoryThatEverybodyMayWrite() throws IOException {
        Path open = Files.createDirectory(root.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Directories found = new Directories(open, root.resolve("state"), root.resolve("log"));
        assertThatThrownBy(found::create).hasMessageContaining("written by everybody");
    }

    @Test
    void areTrustedWhenTheyAreOursAndNotWhenAnybodyCouldHaveMadeThem() throws IOException {
        Path shared = Files.createDirectory(root.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path ours = Files.createDirectory(shared.resolve("weir"));
        assertThat(Directories.trusted(ours)).isTrue();
        assertThat(Directories.trusted(shared.resolve("missing"))).isFalse();
        if (owned(ours, 12345)) { // only root may give a directory away
            assertThat(Directories.trusted(ours)).isFalse();
            Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(Directories.trusted(ours)).isTrue();
        }
    }

    private static boolean owned(Path path, int uid) {
        try {
            Files.setAttribute(path, "unix:uid", uid);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void canBeClaimedByOneAtATime() throws IOException {
        try (DirectoryLock lock = DirectoryLock.claim(home)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.claim(home))
                    .isInstanceOf(DirectoryLock.BusyException.class)
                    .hasMessageContaining(home.toString())
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
        }
        DirectoryLock.claim(home).close();
    }

    private Machine machine(int uid, Map<String, String> environment) {
        return new Machine(root, environment, home, uid);
    }
}
