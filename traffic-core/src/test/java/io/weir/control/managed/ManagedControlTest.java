package io.weir.control.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.config.NodeConfig.State;
import io.weir.config.OverlayEntry;
import io.weir.control.Audit;
import io.weir.control.AuditEntry;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.ChangeReport;
import io.weir.control.ConfigStore.StoredFile;
import io.weir.control.Configs;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.Difference;
import io.weir.control.Edit;
import io.weir.control.ManualTicker;
import io.weir.control.NodeAddresses;
import io.weir.control.NodeCommand;
import io.weir.control.Ownership;
import io.weir.control.Pending;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;
import io.weir.runtime.DataPlane;
import io.weir.testkit.MemoryTempDir;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

class ManagedControlTest {

    private static final Author ALICE = new Author("alice", Author.Channel.REST, "10.0.0.9");
    private static final String KEY =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private @Nullable RecordingPlane plane;
    private Control control;

    @BeforeEach
    void aPoolAndAVirtualServer() throws RefusedException {
        control = start();
        control.change(
                Change.of(
                        put("{nodes: ['a:80', 'b:80', 'c:80', 'd:80']}", "pools", "web"),
                        put("{listen: ':8080', pool: web}", "virtual-servers", "shop")),
                ALICE);
    }

    @Test
    void aNewStoreIsEmptyAndManaged() {
        assertThat(control.desired().ownership()).isEqualTo(Ownership.MANAGED);
        assertThat(control.desired().revision()).isEqualTo(1);
        assertThat(control.status().configuration().revision()).isEqualTo(1);
        assertThat(control.desired().document())
                .isEqualTo(
                        json(
                                "{pools: {web: {nodes: ['a:80', 'b:80', 'c:80', 'd:80']}},"
                                        + " virtual-servers: {shop: {listen: ':8080', pool:"
                                        + " web}}}"));
    }

    @Test
    void aChangeIsInForceAndIsThereAfterARestart() throws RefusedException {
        ChangeReport report =
                control.change(Change.of(put("5s", "pools", "web", "max-reply-time")), ALICE);
        assertThat(report.applied()).isTrue();
        assertThat(report.revision()).isEqualTo(2);
        assertThat(report.objects())
                .contains(new DataPlane.ObjectResult("pools/web", DataPlane.Change.CHANGED, null));
        assertThat(Objects.requireNonNull(plane).config()).isEqualTo(control.config());

        Control again = start();
        assertThat(again.config()).isEqualTo(control.config());
        assertThat(again.desired().revision()).isEqualTo(2);
    }

    @Test
    void aDryRunChangesNothingAndTellsThePlan() throws RefusedException {
        Change change = Change.of(put("{nodes: ['x:80']}", "pools", "other"));
        ChangeReport report =
                control.change(new Change(change.edits(), "", 1L, true, false, null), ALICE);
        assertThat(report.applied()).isFalse();
        assertThat(report.objects())
                .contains(
                        new DataPlane.ObjectResult("pools/other", DataPlane.Change.ADDED, null),
                        new DataPlane.ObjectResult("pools/web", DataPlane.Change.UNCHANGED, null));
        assertThat(control.desired().revision()).isEqualTo(1);
        assertThat(control.config().pools()).containsOnlyKeys("web");
    }

    @Test
    void allEditsAreMadeOrNone() {
        ControlProblem problem =
                refusal(
                        () ->
                                control.change(
                                        Change.of(
                                                put("{nodes: ['x:80']}", "pools", "other"),
                                                put("nowhere", "virtual-servers", "shop", "pool")),
                                        ALICE));
        assertThat(problem).isInstanceOf(ControlProblem.BadConfiguration.class);
        assertThat(problem.message()).contains("virtual-servers.shop.pool").contains("nowhere");
        assertThat(control.config().pools()).containsOnlyKeys("web");
        assertThat(start().config().pools()).containsOnlyKeys("web");
    }

    @Test
    void aStaleBaseIsAConflict() throws RefusedException {
        Edit edit = put("5s", "pools", "web", "max-reply-time");
        Change first = new Change(List.of(edit), "", 1L, false, false, null);
        control.change(first, ALICE);
        assertThat(refusal(() -> control.change(first, ALICE)))
                .isInstanceOf(ControlProblem.Conflict.class);
    }

    @Test
    void whatTheDataPlaneRefusesIsNotKept() {
        Objects.requireNonNull(plane).refuse("in use");
        refusal(() -> control.change(Change.of(put("{nodes: ['x:80']}", "pools", "other")), ALICE));
        assertThat(start().config().pools()).containsOnlyKeys("web");
    }

    @Test
    void removingWhatIsNotThereNamesTheNearest() {
        assertThat(
                        refusal(
                                () ->
                                        control.change(
                                                Change.of(new Edit.Remove(List.of("pools", "wab"))),
                                                ALICE)))
                .isEqualTo(
                        new ControlProblem.NotFound(
                                "key", "pools.wab", "the configuration", "web"));
    }

    @Test
    void aRenameTakesReferencesAndDecisionsAlong() throws RefusedException {
        NodeCommand drain =
                NodeCommand.of(
                        Objects.requireNonNull(NodeAddresses.parse("a:80")),
                        new NodeCommand.Drain());
        control.setNode(drain.inPool("web"), ALICE);

        control.change(Change.of(new Edit.Rename("pools", "web", "www")), ALICE);

        assertThat(Objects.requireNonNull(control.config().virtualServers().get("shop")).pool())
                .isEqualTo("www");
        assertThat(
                        control.overlay()
                                .stateOf("www", Configs.nodes(control.config(), "www").getFirst()))
                .isEqualTo(State.DRAINING);
        assertThat(start().overlay()).isEqualTo(control.overlay());
    }

    @Test
    void aRenameThatIsNotConfirmedGivesDecisionsBack() throws RefusedException {
        drainInPool("web", "a:80");
        renameForFiveMinutes();
        drainInPool("www", "b:80");
        ticker.advance(Duration.ofMinutes(5));
        control.tick();

        assertThat(control.overlay().entries())
                .extracting(OverlayEntry::pool)
                .containsExactly("web", "web");
        assertThat(Objects.requireNonNull(plane).overlay()).isEqualTo(control.overlay());
        assertThat(start().overlay()).isEqualTo(control.overlay());
    }

    @Test
    void aRenameThatIsNotConfirmedWhileNoWeirRunsGivesDecisionsBack() throws RefusedException {
        drainInPool("web", "a:80");
        renameForFiveMinutes();
        ticker.advance(Duration.ofMinutes(5));
        Control late = start();

        assertThat(late.config().pools()).containsOnlyKeys("web");
        assertThat(late.overlay().entries()).extracting(OverlayEntry::pool).containsExactly("web");
        assertThat(Objects.requireNonNull(plane).overlay()).isEqualTo(late.overlay());
        assertThat(start().overlay()).isEqualTo(late.overlay());
    }

    @Test
    void goingBackBeforeOrAfterARenameTakesDecisionsAlong() throws RefusedException {
        control.change(Change.of(new Edit.Rename("pools", "web", "my shop")), ALICE);
        control.change(Change.of(new Edit.Rename("pools", "my shop", "www")), ALICE);
        drainInPool("www", "a:80");
        control = start();

        control.revisions().rollback(1, Change.of(), ALICE);
        assertThat(control.config().pools()).containsOnlyKeys("web");
        assertThat(control.overlay().entries())
                .extracting(OverlayEntry::pool)
                .containsExactly("web");
        control.revisions().rollback(2, Change.of(), ALICE);
        assertThat(control.config().pools()).containsOnlyKeys("my shop");
        assertThat(control.overlay().entries())
                .extracting(OverlayEntry::pool)
                .containsExactly("my shop");
    }

    private void drainInPool(String pool, String node) throws RefusedException {
        NodeCommand drain =
                NodeCommand.of(
                        Objects.requireNonNull(NodeAddresses.parse(node)), new NodeCommand.Drain());
        control.setNode(drain.inPool(pool), ALICE);
    }

    private void renameForFiveMinutes() throws RefusedException {
        List<Edit> edits = List.of(new Edit.Rename("pools", "web", "www"));
        control.change(new Change(edits, "", null, false, false, Duration.ofMinutes(5)), ALICE);
    }

    @Test
    void aLiteralSecretIsKeptApartAndNeverShown() throws RefusedException, IOException {
        String secret = "open-sesame-${dollar";
        control.change(Change.of(put("'open-sesame-$${dollar'", "global", "cluster-key")), ALICE);

        assertThat(Objects.requireNonNull(control.config().global().clusterKey()).reveal())
                .isEqualTo(secret);
        String shown = control.desired().document().toString();
        assertThat(shown).contains("${file:global-cluster-key-").doesNotContain("sesame");
        assertThat(filesWith("open-sesame")).singleElement().asString().contains("/secrets/");

        // What was shown may be put back, masked or not.
        control.change(Change.of(put("'***'", "global", "cluster-key")), ALICE);
        assertThat(control.desired().document().toString()).isEqualTo(shown);
        assertThat(Objects.requireNonNull(start().config().global().clusterKey()).reveal())
                .isEqualTo(secret);
    }

    @Test
    void theSecretOfARefusedChangeIsForgotten() throws IOException {
        refusal(
                () ->
                        control.change(
                                Change.of(
                                        put("open-sesame-open", "global", "cluster-key"),
                                        put("nowhere", "virtual-servers", "shop", "pool")),
                                ALICE));
        assertThat(filesWith("open-sesame")).isEmpty();
    }

    @Test
    void rulesAndKeysAreFilesBesideTheDocument() throws RefusedException, IOException {
        control.change(
                Change.of(
                        file("rules/route.js", "pool.use('web')"),
                        file("keys/shop.pem", KEY),
                        put("['route']", "virtual-servers", "shop", "request-rules")),
                ALICE);
        assertThat(Objects.requireNonNull(control.config().rules().get("route")).source())
                .isEqualTo("pool.use('web')");
        assertThat(control.files())
                .containsExactly(
                        new StoredFile("keys/shop.pem", true),
                        new StoredFile("rules/route.js", false));
        assertThat(control.file("rules/route.js"))
                .isEqualTo("pool.use('web')".getBytes(StandardCharsets.UTF_8));
        assertThat(control.file("keys/shop.pem")).isNull();
        assertThat(Files.readString(state.resolve("store/tree/keys/shop.pem"))).isEqualTo(KEY);
        for (Path path : filesWith("MC4CAQAwBQYDK2VwBCIEIA")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(path.toString()).doesNotContain("current");
        }
    }

    @Test
    void aRenamedFileTakesItsSecretAndWhatNamesItAlong() throws RefusedException, IOException {
        control.change(
                Change.of(
                        file("keys/old.pem", KEY),
                        file("errors/old.html", "sorry"),
                        put("errors/old.html", "virtual-servers", "shop", "error-file")),
                ALICE);

        control.change(
                Change.of(
                        new Edit.RenameFile("keys/old.pem", "keys/new.pem"),
                        new Edit.RenameFile("errors/old.html", "errors/new.html")),
                ALICE);

        assertThat(control.files())
                .containsExactly(
                        new StoredFile("errors/new.html", false),
                        new StoredFile("keys/new.pem", true));
        assertThat(Files.readString(state.resolve("store/tree/keys/new.pem"))).isEqualTo(KEY);
        assertThat(control.desired().document().toString())
                .contains("errors/new.html")
                .doesNotContain("errors/old.html");
        assertThat(
                        refusal(
                                () ->
                                        control.change(
                                                Change.of(
                                                        new Edit.RenameFile(
                                                                "errors/new.html", "keys/new.pem")),
                                                ALICE)))
                .isInstanceOf(ControlProblem.Conflict.class);
    }

    @Test
    void aPathOutOfTheStoreIsRefused() {
        for (String path :
                List.of("../x", "/etc/x", "rules/../../x", "x", "secrets/x", "pools/a.yaml")) {
            assertThat(refusal(() -> control.change(Change.of(file(path, "x")), ALICE)))
                    .isInstanceOf(ControlProblem.Invalid.class);
        }
        assertThat(
                        refusal(
                                () ->
                                        control.change(
                                                Change.of(
                                                        put("{nodes: ['x:80']}", "pools", "../a")),
                                                ALICE)))
                .isInstanceOf(ControlProblem.Invalid.class);
    }

    @Test
    void theShrinkGuardHoldsForChangesToo() {
        Edit shrink = put("['a:80']", "pools", "web", "nodes");
        assertThat(refusal(() -> control.change(Change.of(shrink), ALICE)))
                .isInstanceOf(ControlProblem.Shrinks.class);
    }

    @Test
    void everyChangeIsARevisionWithItsAuthorAndComment() throws RefusedException {
        Change change = Change.of(put("5s", "pools", "web", "max-reply-time"));
        control.change(
                new Change(
                        change.edits(), "Be patient\n\nWeir-Revision: 9", null, false, false, null),
                ALICE);
        List<Revision> history = control.revisions().list(10);
        assertThat(history).extracting(Revision::number).containsExactly(2L, 1L);
        Revision last = history.getFirst();
        assertThat(last.author()).isEqualTo(ALICE);
        assertThat(last.comment()).isEqualTo("Be patient\n\nWeir-Revision: 9");
        assertThat(last.objects()).containsExactly("pools/web");
        assertThat(last.time()).isEqualTo(ticker.now());
        assertThat(history.getLast().comment()).isEmpty();

        Difference difference = control.revisions().difference(1, 2);
        assertThat(difference.keys())
                .containsExactly(
                        new Difference.Key(
                                List.of("pools", "web", "max-reply-time"), null, json("5s")));
        assertThat(difference.text())
                .isEqualTo(
                        """
                        --- a/pools/web.yaml
                        +++ b/pools/web.yaml
                        @@ -5,3 +5,4 @@
                               - b:80
                               - c:80
                               - d:80
                        +    max-reply-time: 5s
                        """);
        assertThat(
                        control.revisions()
                                .at(1)
                                .document()
                                .at("/pools/web/max-reply-time")
                                .isMissingNode())
                .isTrue();
    }

    @Test
    void aRollbackIsARevisionThatSaysWhatAnEarlierOneSaid() throws RefusedException {
        JsonNode before = control.desired().document();
        control.change(
                Change.of(put("5s", "pools", "web", "max-reply-time"), file("rules/a.js", "1;")),
                ALICE);
        ChangeReport report = control.revisions().rollback(1, Change.of(), ALICE);
        assertThat(report.revision()).isEqualTo(3);
        assertThat(control.desired().document()).isEqualTo(before);
        assertThat(control.files()).isEmpty();
        assertThat(start().desired().document()).isEqualTo(before);
        assertThat(refusal(() -> control.revisions().rollback(7, Change.of(), ALICE)))
                .isEqualTo(new ControlProblem.NotFound("revision", "7", "the history", null));
    }

    @Test
    void anUnconfirmedChangeIsUndone() throws RefusedException {
        change5s(Duration.ofMinutes(5));
        assertThat(control.revisions().pending())
                .isEqualTo(new Pending(2, 1, ticker.now().plusSeconds(300)));
        assertThat(refusal(() -> change5s(null))).isInstanceOf(ControlProblem.Conflict.class);
        ticker.advance(Duration.ofSeconds(299));
        control.tick();
        assertThat(control.desired().revision()).isEqualTo(2);
        ticker.advance(Duration.ofSeconds(1));
        control.tick();
        assertThat(control.desired().revision()).isEqualTo(3);
        assertThat(control.desired().document().at("/pools/web").has("max-reply-time")).isFalse();
        assertThat(control.revisions().pending()).isNull();
        assertThat(events.tags()).contains(EventTag.CONFUNDONE);
        assertThat(control.revisions().list(1).getFirst().author()).isEqualTo(Author.WEIR);
    }

    @Test
    void anUnconfirmedChangeIsUndoneByARestartTooLate() throws RefusedException {
        change5s(Duration.ofMinutes(5));
        ticker.advance(Duration.ofSeconds(100));
        assertThat(start().revisions().pending()).isNotNull();
        ticker.advance(Duration.ofSeconds(1000));
        Control late = start();
        assertThat(late.desired().revision()).isEqualTo(3);
        assertThat(late.desired().document().at("/pools/web").has("max-reply-time")).isFalse();
        assertThat(events.tags()).contains(EventTag.CONFUNDONE);
        late.tick();
        assertThat(late.revisions().list(9))
                .extracting(Revision::number)
                .containsExactly(3L, 2L, 1L);
    }

    @Test
    void aConfirmedChangeStays() throws RefusedException {
        change5s(Duration.ofMinutes(5));
        assertThat(refusal(() -> control.revisions().confirm(7L, ALICE)))
                .isInstanceOf(ControlProblem.Conflict.class);
        control.revisions().confirm(2L, ALICE);
        ticker.advance(Duration.ofHours(1));
        control.tick();
        assertThat(start().desired().revision()).isEqualTo(2);
        assertThat(refusal(() -> control.revisions().confirm(null, ALICE)))
                .isInstanceOf(ControlProblem.Conflict.class);
    }

    @Test
    void whoeverAsksForWhateverIsRecorded() throws RefusedException {
        refusal(() -> control.change(Change.of(new Edit.Remove(List.of("pools", "b"))), ALICE));
        NodeCommand drain =
                NodeCommand.of(
                        Objects.requireNonNull(NodeAddresses.parse("a:80")),
                        new NodeCommand.Drain());
        control.setNode(drain, ALICE);
        List<AuditEntry> entries = start().audit().last(2);
        assertThat(entries)
                .containsExactly(
                        new AuditEntry(
                                ticker.now(),
                                ALICE,
                                "change",
                                List.of("pools/b"),
                                false,
                                "there is no key pools.b in the configuration"),
                        new AuditEntry(
                                ticker.now(), ALICE, "drain", List.of("node a:80"), true, ""));
    }

    private void change5s(@Nullable Duration confirmWithin) throws RefusedException {
        Change change = Change.of(put("5s", "pools", "web", "max-reply-time"));
        control.change(new Change(change.edits(), "", null, false, false, confirmWithin), ALICE);
    }

    private List<Path> filesWith(String text) throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            return all.filter(Files::isRegularFile)
                    .filter(
                            path -> {
                                try {
                                    return new String(
                                                    Files.readAllBytes(path),
                                                    StandardCharsets.ISO_8859_1)
                                            .contains(text);
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            })
                    .toList();
        }
    }

    private Control start() {
        try {
            return Control.start(
                    new ManagedSource(state.resolve("store"), Map.of(), new Random(), ticker),
                    (config, overlay) -> plane = new RecordingPlane(config, overlay),
                    new OverlayStore(state),
                    null,
                    Audit.in(state.resolve("audit"), ticker),
                    events,
                    ticker);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static Edit put(String value, String... path) {
        return new Edit.Put(List.of(path), json(value));
    }

    private static Edit file(String path, String text) {
        return new Edit.PutFile(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON that may leave out quotes around names and words. */
    private static JsonNode json(String text) {
        return JsonMapper.builder()
                .build()
                .readTree(
                        text.replaceAll("([a-z-]+): ", "\"$1\": ")
                                .replaceAll(": (web)\\b", ": \"$1\"")
                                .replaceAll("^([A-Za-z0-9./-]+)$", "\"$1\"")
                                .replace('\'', '"'));
    }

    private static ControlProblem refusal(ThrowingCallable call) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, call);
        assertThat(refused).describedAs("a refusal").isNotNull();
        return refused.problem();
    }
}
