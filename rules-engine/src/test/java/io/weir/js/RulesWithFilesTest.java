package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.EventTag;
import io.weir.runtime.WeirRuntime;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.assertj.core.api.Condition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Files that rules read: resources, JSON Schemas, the database of places. */
class RulesWithFilesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String ANSWER = "http.sendResponse(200, 'text/plain', %s);";

    @TempDir Path directory;

    private RuledWeir ruled;

    @BeforeEach
    void node() throws IOException {
        FakeNode web = WEIR.node("web");
        ruled = new RuledWeir(directory, web);
        Files.createDirectories(directory.resolve("resources/lists"));
    }

    private void resource(String name, String text) throws IOException {
        Files.write(
                directory.resolve("resources").resolve(name),
                text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String answer(String path) {
        return ruled.get(path).text();
    }

    @Test
    void rulesReadTheFilesOfTheDirectoryAndNothingElse() throws IOException {
        resource("lists/bots.txt", "one\r\ntwo\n");
        resource("raw.bin", "\0\u00ff");
        Files.setLastModifiedTime(
                directory.resolve("resources/raw.bin"),
                FileTime.from(Instant.ofEpochSecond(1_700_000_000L)));
        Files.writeString(directory.resolve("secret.txt"), "s3cret");
        ruled.request(
                        ANSWER.formatted(
                                """
                                [resource.getLines('lists/bots.txt').join('+'), resource.get('raw.bin').length,
                                 resource.getMTime('raw.bin'), string.hexencode(resource.getMD5('raw.bin')),
                                 resource.exists('raw.bin'), resource.exists('../secret.txt'),
                                 resource.get('../secret.txt'), resource.get('/etc/passwd'),
                                 resource.exists('lists')].join(' ')\
                                """))
                .start(WEIR);
        assertThat(answer("/"))
                .isEqualTo("one+two 2 1700000000 d07d34efac6328007ad67c7e0a985e00 1 0   0");
    }

    @Test
    void anEditedFileIsAnotherOneWithTheNextConfiguration() throws IOException {
        resource("a.txt", "before");
        RunningWeir weir = ruled.request(ANSWER.formatted("resource.get('a.txt')")).start(WEIR);
        assertThat(answer("/")).isEqualTo("before");
        resource("a.txt", "after");
        weir.apply(ruled.yaml());
        assertThat(answer("/")).isEqualTo("after");
    }

    @Test
    void rulesThatRunSeeNothingOfAConfigurationThatIsRefused() throws IOException {
        resource("a.txt", "before");
        String room = ANSWER.formatted("resource.get('a.txt') + ' ' + data.getMemoryFree()");
        RunningWeir weir = ruled.request(room).start(WEIR);
        String running = answer("/");
        assertThat(running).startsWith("before ");
        resource("a.txt", "after");
        String next = ruled.global("rules: {data-size: 1KiB}").yaml();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String refused = next.replace("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort());
            assertThat(weir.tryApply(refused).applied()).isFalse();
        }
        assertThat(answer("/")).isEqualTo(running);

        weir.apply(next);
        assertThat(answer("/")).isEqualTo("after 1024");
    }

    @Test
    void nothingIsCountedOfRulesThatLeftTheConfiguration() {
        ruled.request(ANSWER.formatted("'one'"));
        RunningWeir weir = ruled.start(WEIR);
        assertThat(answer("/")).isEqualTo("one");
        assertThat(((WeirRuntime) weir.plane()).ruleCounts()).containsOnlyKeys("request1");

        weir.apply(
                ruled.yaml().replace("request1", "renamed").replace("renamed.js", "request1.js"));
        assertThat(answer("/")).isEqualTo("one");
        assertThat(((WeirRuntime) weir.plane()).ruleCounts())
                .containsOnlyKeys("renamed")
                .hasValueSatisfying(new Condition<>(counts -> counts.runs() == 1, "has run once"));

        weir.apply(ruled.yaml());
        assertThat(((WeirRuntime) weir.plane()).ruleCounts())
                .as("what was counted before it left is forgotten")
                .allSatisfy((name, counts) -> assertThat(counts.runs()).isZero());
    }

    @Test
    void linksOutOfTheDirectoryAreRefused() throws IOException {
        Files.createSymbolicLink(
                directory.resolve("resources/passwd"), Path.of("/etc/passwd").toRealPath());
        Path main = directory.resolve("weir.yaml");
        Files.writeString(main, ruled.request("log.info('x');").yaml());
        Loaded loaded =
                ConfigLoader.load(main, new Environment(Map.of(), directory.resolve("none")));
        assertThat(loaded.errors())
                .singleElement()
                .satisfies(
                        problem ->
                                assertThat(problem.toString())
                                        .contains("resources/passwd")
                                        .contains("outside"));
    }

    @Test
    void theFilesBelongToTheConfiguration() throws IOException {
        resource("a.txt", "x");
        Path main = directory.resolve("weir.yaml");
        Files.writeString(main, ruled.request("log.info('x');").yaml());
        Loaded loaded =
                ConfigLoader.load(main, new Environment(Map.of(), directory.resolve("none")));
        assertThat(loaded.files())
                .anyMatch(
                        file -> file.path().endsWith("resources/a.txt") && !file.hash().isEmpty());
        assertThat(loaded.directories()).anyMatch(path -> path.endsWith("resources/lists"));
    }

    // ---- JSON Schema

    @Test
    void jsonIsValidatedByASchemaThatRefersToAnother() throws IOException {
        resource(
                "order.json",
                """
                {"type": "object", "required": ["id", "to"], "properties": {
                  "id": {"type": "string", "pattern": "^[a-z]+$"}, "to": {"$ref": "address.json"}}}
                """);
        resource("address.json", "{\"type\": \"object\", \"required\": [\"city\"]}");
        RunningWeir weir =
                ruled.request(
                                ANSWER.formatted(
                                        "json.validate('order.json', http.getQueryString()) + ' '"
                                                + " + $1"))
                        .start(WEIR);
        String valid = "/?%7B%22id%22:%22a%22,%22to%22:%7B%22city%22:%22b%22%7D%7D";
        assertThat(answer(valid)).isEqualTo("1 ");
        assertThat(answer(valid)).isEqualTo("1 ");
        assertThat(answer("/?%7B%22id%22:%22a%22,%22to%22:%7B%7D%7D")).startsWith("0 /to");
        assertThat(answer("/?%7B%22id%22:%22A%22,%22to%22:%7B%22city%22:%22b%22%7D%7D"))
                .startsWith("0 /id");
        assertThat(answer("/?nonsense")).isEqualTo("-1 ");
        resource("address.json", "{\"type\": \"object\"}");
        weir.apply(ruled.yaml());
        assertThat(answer("/?%7B%22id%22:%22a%22,%22to%22:%7B%7D%7D")).isEqualTo("1 ");
    }

    @Test
    void schemasFetchNothingAndEndInTime() throws IOException {
        resource("remote.json", "{\"$ref\": \"http://127.0.0.1:1/schema.json\"}");
        resource("file.json", "{\"$ref\": \"file:///etc/passwd\"}");
        resource("classpath.json", "{\"$ref\": \"classpath:/io/weir/config/weir.schema.json\"}");
        resource("loop.json", "{\"$ref\": \"#\"}");
        resource("regex.json", "{\"type\": \"string\", \"pattern\": \"^(a+)+$\"}");
        RunningWeir weir =
                ruled.request(
                                ANSWER.formatted(
                                        "json.validate(http.getPath().slice(1), JSON.stringify('a'"
                                                + ".repeat(5000) + 'b'))"))
                        .start(WEIR);
        for (String name : List.of("remote", "file", "classpath", "loop", "missing")) {
            assertThat(ruled.get("/" + name + ".json").status()).as(name).isEqualTo(500);
        }
        assertThat(answer("/regex.json")).isEqualTo("0");
        Await.until(
                "an event that names the file which is missing",
                () ->
                        weir.events().stream()
                                .anyMatch(
                                        e ->
                                                e.tag() == EventTag.RULEABORT
                                                        && e.text().contains("missing.json")));
    }

    // ---- places

    private static Map<String, Object> place(String city, double latitude, double longitude) {
        return Map.of(
                "city", Map.of("names", Map.of("en", city)),
                "country", Map.of("iso_code", "CH", "names", Map.of("en", "Switzerland")),
                "subdivisions", List.of(Map.of("iso_code", "ZH", "names", Map.of("en", "Zürich"))),
                "location", Map.of("latitude", latitude, "longitude", longitude));
    }

    private static final String WHERE =
            ANSWER.formatted(
                    """
                    [geo.getCity('10.1.2.3'), geo.getCountry('10.1.2.3'), geo.getCountryCode('10.1.2.3'),
                     geo.getRegion('10.1.2.3'), geo.getRegionCode('10.1.2.3'),
                     Math.round(geo.getIPDistanceKM('10.1.2.3', '10.2.0.0')),
                     Math.round(geo.getDistanceMiles(0, 0, 0, 180)),
                     geo.getCity('192.0.2.1'), geo.getLatitude('192.0.2.1'), geo.getLongitude('no address')].join(',')\
                    """);

    @Test
    void placesOfAddressesComeFromTheDatabaseAndFollowIt() throws IOException {
        Path file = directory.resolve("places.mmdb");
        Files.write(
                file,
                new LocationFile()
                        .put("10.1.0.0/16", place("Winterthur", 47.5, 8.72))
                        .put("10.2.0.0/16", place("Bern", 46.95, 7.45))
                        .bytes());
        ruled.global("location-database: places.mmdb").request(WHERE).start(WEIR);
        assertThat(answer("/"))
                .isEqualTo("Winterthur,Switzerland,CH,ZÃ¼rich,ZH,114,12437,,NaN,NaN");
        Path next = directory.resolve("next.mmdb");
        Files.write(
                next, new LocationFile().put("10.1.0.0/16", place("Chur", 46.85, 9.53)).bytes());
        Files.setLastModifiedTime(next, FileTime.from(Instant.ofEpochSecond(1)));
        Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Await.until(
                "the new file",
                java.time.Duration.ofSeconds(60),
                () -> answer("/").contains("Chur"));
    }

    @Test
    void withoutADatabaseNothingIsKnown() {
        ruled.request(WHERE).start(WEIR);
        assertThat(answer("/")).isEqualTo(",,,,,NaN,12437,,NaN,NaN");
    }
}
