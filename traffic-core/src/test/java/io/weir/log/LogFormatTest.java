package io.weir.log;

import static io.weir.log.TestRecord.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;

class LogFormatTest {

    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestRecord record = new TestRecord();

    private String line(String format) {
        return LogFormat.compile(format, UTC).line(record);
    }

    @Test
    void combinedIsTheFormatThatEveryLogReaderKnows() {
        record.requestHeader("Referer", bytes("https://example.com/?q=1"))
                .requestHeader("User-Agent", bytes("Mozilla/5.0 (X11; Linux x86_64)"));
        record.user = bytes("alice");

        assertThat(line("combined"))
                .isEqualTo(
                        "192.0.2.7 - alice [04/Mar/2026:05:06:07 +0000] \"GET /a/b?c=d HTTP/1.1\""
                                + " 200 4711 \"https://example.com/?q=1\""
                                + " \"Mozilla/5.0 (X11; Linux x86_64)\"");
    }

    @Test
    void whatIsNotThereIsADash() {
        record.method = new byte[0];
        record.bodyBytes = 0;
        record.status = 0;
        record.pool = null;
        record.node = null;

        assertThat(line("combined"))
                .isEqualTo("192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] \"-\" - - \"-\" \"-\"");
        assertThat(line("%n %{pool}w %{fault}w %{Set-Cookie}o %{connect_us}w %B"))
                .isEqualTo("- - - - - 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "%h~192.0.2.7",
                "%a~192.0.2.7",
                "%l~-",
                "%u~-",
                "%t~[04/Mar/2026:05:06:07 +0000]",
                "%r~GET\\x20/a/b?c=d\\x20HTTP/1.1",
                "\"%r\"~\"GET /a/b?c=d HTTP/1.1\"",
                "%s~200",
                "%>s~200",
                "%<s~200",
                "%b~4711",
                "%B~4711",
                "%I %O~321 4999",
                "%T~1",
                "%D~1234567",
                "%A~198.51.100.1",
                "%p~8080",
                "%v~web",
                "%n~10.0.0.1:8080",
                "%m~GET",
                "%U~/a/b",
                "%q~?c=d",
                "%U%q~/a/b?c=d",
                "%H~HTTP/1.1",
                "100%%~100%",
                "%{X-One}i~uno",
                "%{x-one}i~uno",
                "%{Server}o~s",
                "%{%Y-%m-%dT%H:%M:%S%z}t~2026-03-04T05:06:07+0000",
                "%{%s}t~1772600767",
                "%{pool}w~app",
                "%{retries}w~2",
                "%{request_id}w~5f3a",
                "%{fault}w~node_timed_out",
                "%{duration_us}w~1234567",
                "%{connect_us}w~250",
                "%{first_byte_us}w~9000",
                "%{queue_us}w~-",
                "%{client_port}w~54321",
                "%{host}w~www.example.com",
                "plain text~plain text",
                "tab\there~tab\there",
                "``~``",
            })
    void macrosStandForTheirFields(String format, String expected) {
        record.requestHeader("X-One", bytes("uno"));
        record.responseHeaders.put("server", bytes("s"));
        record.retries = 2;
        record.fault = "node_timed_out";
        record.phases.put(Phase.CONNECT, 250_999L);
        record.phases.put(Phase.FIRST_BYTE, 9_000_000L);

        assertThat(line(format)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "%Z, %Z at character 1 is not known",
        "a %{x}Y, %{x}Y at character 3 is not known",
        "%, % at character 1",
        "%{Referer, at character 1 opens a brace",
        "%{bad name}i, at character 1 names no header field",
        "%{}i, at character 1 names no header field",
        "%{nothing}w, one of request_id virtual_server",
        "%{%Q}t, has %Q; known are",
        "%h%{%}t, ends in a lone %",
    })
    void aWrongFormatIsRefusedWithThePlaceAndWhatIsKnown(String format, String message) {
        assertThatThrownBy(() -> LogFormat.compile(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log format")
                .hasMessageContaining(message);
    }

    @Test
    void aFormatOfSeveralLinesIsRefused() {
        assertThatThrownBy(() -> LogFormat.compile("%h\n%s")).hasMessageContaining("character 3");
        assertThatThrownBy(() -> LogFormat.compile("%h\u001b[0m")).hasMessageContaining("control");
        assertThatThrownBy(() -> LogFormat.compile("x".repeat(5000)))
                .hasMessageContaining("5000 characters");
    }

    @Test
    void quotesNewlinesAndForeignBytesAreEscaped() {
        record.target = bytes("/\"x\" \\ \n\r\t\0\u001b[31m\u007f\u0080\u00ff");
        record.requestHeader("User-Agent", "naïve €".getBytes(StandardCharsets.UTF_8));

        assertThat(line("\"%r\" \"%{User-agent}i\""))
                .isEqualTo(
                        "\"GET /\\\"x\\\" \\\\ \\x0a\\x0d\\x09\\x00\\x1b[31m\\x7f\\x80\\xff"
                                + " HTTP/1.1\" \"na\\xc3\\xafve \\xe2\\x82\\xac\"");
    }

    @Test
    void aForgedLineStaysWithinItsField() {
        byte[] forged =
                bytes(
                        "x\" 200 1 \"-\" \"-\"\n"
                                + "203.0.113.9 - root [01/Jan/2026:00:00:00 +0000] \"GET /admin"
                                + " HTTP/1.1\" 200 1 \"-\" \"-");
        record.user = forged;
        record.target = forged;
        record.requestHeader("Referer", forged).requestHeader("User-Agent", forged);

        String line = line("combined");

        CombinedLine parsed = CombinedLine.parse(line);
        assertThat(line).doesNotContain("\n");
        assertThat(CombinedLine.unescape(parsed.user())).isEqualTo(forged);
        assertThat(CombinedLine.unescape(parsed.referer())).isEqualTo(forged);
        assertThat(CombinedLine.unescape(parsed.agent())).isEqualTo(forged);
    }

    @Test
    void everyBytesComeBackFromACombinedLine() {
        Random random = new Random(42);
        LogFormat combined = LogFormat.compile("combined", UTC);
        for (int i = 0; i < 5000; i++) {
            record.user = hostile(random);
            record.target = hostile(random);
            byte[] agent = hostile(random);
            byte[] referer = hostile(random);
            record.requestHeader("User-Agent", agent).requestHeader("Referer", referer);

            String line = combined.line(record);

            assertThat(line).matches("[\\x20-\\x7e]*");
            CombinedLine parsed = CombinedLine.parse(line);
            assertThat(CombinedLine.unescape(parsed.user())).isEqualTo(orDash(record.user));
            assertThat(CombinedLine.unescape(parsed.agent())).isEqualTo(orDash(agent));
            assertThat(CombinedLine.unescape(parsed.referer())).isEqualTo(orDash(referer));
            assertThat(CombinedLine.unescape(parsed.request()))
                    .isEqualTo(concat(bytes("GET "), record.target, bytes(" HTTP/1.1")));
        }
    }

    @Test
    void jsonHoldsEveryFieldWithItsType() {
        record.requestHeader("Referer", bytes("r")).requestHeader("User-Agent", bytes("u"));
        record.user = bytes("bob");
        record.fault = "node_unreachable";
        int phases = 0;
        for (Phase phase : Phase.values()) {
            record.phases.put(phase, 1_000L * (1 + phases++));
        }

        assertThat(line("json"))
                .isEqualTo(
                        """
                        {"time":"2026-03-04T05:06:07.089Z","request_id":"5f3a",\
                        "virtual_server":"web","client":"192.0.2.7","client_port":54321,\
                        "local":"198.51.100.1","local_port":8080,"user":"bob","method":"GET",\
                        "host":"www.example.com","target":"/a/b?c=d","protocol":"HTTP/1.1",\
                        "referer":"r","user_agent":"u","status":200,"body_bytes":4711,\
                        "received_bytes":321,"sent_bytes":4999,"pool":"app",\
                        "node":"10.0.0.1:8080","retries":0,"fault":"node_unreachable",\
                        "duration_us":1234567,"head_us":1,"queue_us":2,"connect_us":3,\
                        "reply_us":4,"first_byte_us":5}\
                        """);
    }

    @Test
    void theReferenceNamesEveryField() throws IOException {
        String reference = Files.readString(Path.of("..", "docs", "access-log.md"));

        assertThat(LogField.ALL)
                .allSatisfy(field -> assertThat(reference).contains("`" + field.keyword() + "`"));
    }

    @Test
    void jsonLeavesOutWhatIsNotThere() {
        record.pool = null;
        record.node = null;
        record.status = 0;
        record.method = new byte[0];

        JsonNode json = JSON.readTree(line("json"));

        assertThat(json.propertyNames())
                .contains("time", "client", "retries")
                .doesNotContain("pool", "node", "status", "method", "user", "fault", "queue_us");
    }

    @Test
    void jsonKeepsCharactersAndReplacesBytesThatAreNone() {
        record.target = "/ü€😀\u009b\u202e".getBytes(StandardCharsets.UTF_8);
        record.host = new byte[] {'a', (byte) 0xc3, 'b', (byte) 0xc0, (byte) 0x80, (byte) 0xe2};
        record.requestHeader("Referer", bytes("\"\\\n\u0000\u001b\u007f"));

        String line = line("json");
        JsonNode json = JSON.readTree(line);

        assertThat(line).matches("[\\x20-\\x7e]*");
        assertThat(json.get("target").asString()).isEqualTo("/ü€😀\u009b\u202e");
        assertThat(json.get("host").asString()).isEqualTo("a\ufffdb\ufffd\ufffd\ufffd");
        assertThat(json.get("referer").asString()).isEqualTo("\"\\\n\u0000\u001b\u007f");
    }

    @Test
    void anyBytesGiveValidJsonOfAsciiCharacters() {
        Random random = new Random(43);
        LogFormat format = LogFormat.compile("json", UTC);
        for (int i = 0; i < 5000; i++) {
            record.user = hostile(random);
            record.target = hostile(random);
            record.host = hostile(random);

            String line = format.line(record);

            assertThat(line).matches("[\\x20-\\x7e]*");
            JsonNode json = JSON.readTree(line);
            // The JDK's decoder replaces by its own rule; both agree where nothing is replaced.
            String decoded = new String(record.target, StandardCharsets.UTF_8);
            if (record.target.length > 0 && decoded.indexOf('\ufffd') < 0) {
                assertThat(json.get("target").asString()).isEqualTo(decoded);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"combined", "json", "%r %{User-Agent}i %U %{host}w"})
    void longFieldsAreCutAndTheLineStaysWhole(String format) {
        byte[] long1 = new byte[200_000];
        Arrays.fill(long1, (byte) 'a');
        byte[] long2 = new byte[200_000];
        Arrays.fill(long2, (byte) 0xe9);
        record.target = long1;
        record.host = long2;
        record.user = long2;
        record.requestHeader("User-Agent", long2).requestHeader("Referer", long1);

        String line = line(format);

        assertThat(line.length()).isLessThan(ByteSink.MAX_LINE);
        assertThat(line).contains("aaa...");
        if (format.equals("combined")) {
            CombinedLine.parse(line);
        } else if (format.equals("json")) {
            JsonNode json = JSON.readTree(line);
            assertThat(json.get("user").asString()).hasSizeLessThan(ByteSink.MAX_FIELD);
            assertThat(json.get("target").asString()).endsWith("aaa...");
            assertThat(json.get("first_byte_us")).isNull();
            assertThat(json.get("duration_us").asLong()).isEqualTo(1_234_567);
        }
    }

    @Test
    void textBeyondAsciiIsTakenAsUtf8() {
        record.virtualServer = "bücher";

        assertThat(line("%v")).isEqualTo("b\\xc3\\xbccher");
        assertThat(JSON.readTree(line("json")).get("virtual_server").asString())
                .isEqualTo("bücher");
    }

    @Test
    void timesAreThoseOfTheZoneAcrossSecondsThatShareAPlaceInTheCache() {
        LogFormat format = LogFormat.compile("%t", ZoneId.of("Asia/Kolkata"));
        Instant start = Instant.parse("2026-12-31T18:29:50Z");
        for (int second : new int[] {0, 9, 10, 26, 10, 0, 16, 32}) {
            record.startMillis = start.plusSeconds(second).toEpochMilli() + 999;
            String expected =
                    java.time.format.DateTimeFormatter.ofPattern(
                                    "'['dd/MMM/yyyy:HH:mm:ss xx']'", java.util.Locale.ENGLISH)
                            .format(start.plusSeconds(second).atZone(ZoneId.of("Asia/Kolkata")));
            assertThat(format.line(record)).isEqualTo(expected);
        }
    }

    private static byte[] hostile(Random random) {
        String[] pieces = {
            "\"", "\\", "\n", "\r\n", " ", "\u001b]0;x\u0007", "\\x0a", "é", "a", "%"
        };
        byte[] bytes = new byte[0];
        for (int i = random.nextInt(12); i > 0; i--) {
            byte[] piece = new byte[random.nextInt(20)];
            random.nextBytes(piece);
            byte[] text = pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.UTF_8);
            bytes = concat(bytes, random.nextBoolean() ? piece : text, bytes("plain text here"));
        }
        return bytes;
    }

    private static byte[] orDash(byte[] value) {
        return value.length == 0 ? bytes("-") : value;
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
