package io.weir.http;

import static io.weir.http.HeadReading.completeRequest;
import static io.weir.http.HeadReading.encoded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lists of fields: finding, editing, and writing what is left. */
class FieldsTest {

    private static final String START = "GET / HTTP/1.1\r\n";

    private static RequestHead head(String... lines) {
        StringBuilder text = new StringBuilder(START);
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return completeRequest(text.append("\r\n").toString());
    }

    /** The lines that would be sent. */
    private static List<String> lines(RequestHead head) {
        String text = encoded(head);
        assertThat(text).startsWith(START).endsWith("\r\n");
        String lines = text.substring(START.length(), text.length() - 2);
        return lines.isEmpty() ? List.of() : List.of(lines.split("\r\n"));
    }

    // ---- finding

    @Test
    void fieldsAreFoundWhateverTheirCase() {
        RequestHead head = head("hOST: a", "x-oWN: b");
        assertThat(head.get(FieldName.HOST)).isEqualTo("a");
        assertThat(head.get(FieldName.of("HOST"))).isEqualTo("a");
        assertThat(head.get(FieldName.of("X-Own"))).isEqualTo("b");
        assertThat(head.name(1)).isEqualTo("x-oWN");
        assertThat(head.get(FieldName.of("X-Own-2"))).isNull();
        assertThat(head.get(FieldName.COOKIE)).isNull();
    }

    @Test
    void valuesAreWithoutTheBlanksAroundThem() {
        RequestHead head = head("A:b", "A: \t c d\t ", "A:", "A: \t");
        assertThat(head.value(0)).isEqualTo("b");
        assertThat(head.value(1)).isEqualTo("c d");
        assertThat(head.value(2)).isEmpty();
        assertThat(head.value(3)).isEmpty();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        head.value(1, out::write);
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("c d");
    }

    @Test
    void severalFieldsOfOneNameAreOneList() {
        RequestHead head = head("Via: a", "Host: h", "via: b", "VIA: c, d");
        assertThat(head.get(FieldName.VIA)).isEqualTo("a");
        assertThat(head.getAll(FieldName.VIA)).isEqualTo("a, b, c, d");
        assertThat(head.getAll(FieldName.HOST)).isEqualTo("h");
        assertThat(head.getAll(FieldName.AGE)).isNull();
        head.removeAt(head.find(FieldName.VIA, 0));
        assertThat(head.get(FieldName.VIA)).isEqualTo("b");
        assertThat(head.getAll(FieldName.VIA)).isEqualTo("b, c, d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "close | close | true",
                "CLOSE | close | true",
                "a, b ,close | close | true",
                "a,,close,, | close | true",
                "' \t close\t ,a' | close | true",
                "closed | close | false",
                "close d | close | false",
                "clos | close | false",
                "'' | close | false",
                ", | close | false"
            })
    void tokensOfListsAreWhole(String value, String token, boolean found) {
        assertThat(head("Connection: " + value).listContains(FieldName.CONNECTION, token))
                .isEqualTo(found);
    }

    @Test
    void listsGoOnInFurtherFieldsOfTheSameName() {
        RequestHead head = head("Connection: a", "X: y", "connection: b, upgrade");
        assertThat(head.listContains(FieldName.CONNECTION, "upgrade")).isTrue();
        assertThat(head.listContains(FieldName.CONNECTION, "a")).isTrue();
        assertThat(head.listContains(FieldName.CONNECTION, "y")).isFalse();
        head.removeAt(2);
        assertThat(head.listContains(FieldName.CONNECTION, "upgrade")).isFalse();
    }

    // ---- editing

    @Test
    void removedFieldsAreNotSent() {
        RequestHead head = head("A: 1", "B: 2", "A: 3", "C: 4", "D: 5");
        head.remove(FieldName.of("a"));
        assertThat(lines(head)).containsExactly("B: 2", "C: 4", "D: 5");
        assertThat(head.fieldCount()).isEqualTo(3);
        assertThat(head.size()).isEqualTo(5);
        assertThat(head.present(0)).isFalse();
        head.removeAt(4);
        head.removeAt(4);
        head.remove(FieldName.of("none"));
        assertThat(head.fieldCount()).isEqualTo(2);
        assertThat(lines(head)).containsExactly("B: 2", "C: 4");
    }

    @Test
    void addedFieldsComeLast() {
        RequestHead head = head("Host: a");
        head.add(FieldName.VIA, "1.1 weir");
        head.add(FieldName.of("X-Own"), "");
        assertThat(lines(head)).containsExactly("Host: a", "Via: 1.1 weir", "X-Own: ");
        assertThat(head.get(FieldName.VIA)).isEqualTo("1.1 weir");
        assertThat(head.knownName(1)).isSameAs(FieldName.VIA);
        assertThat(head.fieldCount()).isEqualTo(3);
        head.remove(FieldName.VIA);
        assertThat(lines(head)).containsExactly("Host: a", "X-Own: ");
    }

    @Test
    void addedFieldsAreFoundByAnySpellingOfTheirName() {
        RequestHead head = head("X-Own: 1");
        head.add(FieldName.of("x-OWN"), "2");
        assertThat(head.getAll(FieldName.of("X-own"))).isEqualTo("1, 2");
        head.set(FieldName.of("X-OWN"), "3");
        assertThat(lines(head)).containsExactly("X-OWN: 3");
        head.remove(FieldName.of("X-Own"));
        assertThat(lines(head)).isEmpty();
    }

    @Test
    void setFieldIsTheOnlyOneOfItsName() {
        RequestHead head = head("Via: a", "Host: h", "via: b");
        head.set(FieldName.VIA, "c");
        assertThat(lines(head)).containsExactly("Host: h", "Via: c");
        head.set(FieldName.AGE, "1");
        assertThat(lines(head)).containsExactly("Host: h", "Via: c", "Age: 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\rb", "\0", "a\u007f", "\u001b[0m"})
    void valueThatCouldEndItsLineIsRefused(String value) {
        RequestHead head = head("Host: a");
        assertThatThrownBy(() -> head.add(FieldName.VIA, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Via");
        assertThat(lines(head)).containsExactly("Host: a");
    }

    @Test
    void valuesKeepEveryOctetAboveAscii() {
        RequestHead head = head("X: \u0080\u00e4\u00ff");
        head.add(FieldName.of("Y"), "\u00fc\t\u00a0");
        assertThat(head.value(0)).isEqualTo("\u0080\u00e4\u00ff");
        assertThat(lines(head)).containsExactly("X: \u0080\u00e4\u00ff", "Y: \u00fc\t\u00a0");
    }

    /** A model as simple as can be, and hundreds of random edits. */
    @Test
    void anyEditsGiveWhatAPlainListGives() {
        List<FieldName> names =
                List.of(
                        FieldName.HOST,
                        FieldName.VIA,
                        FieldName.COOKIE,
                        FieldName.of("X-One"),
                        FieldName.of("X-Two"));
        for (int seed = 0; seed < 300; seed++) {
            Random dice = new Random(seed);
            List<String> model = new ArrayList<>();
            for (int i = dice.nextInt(60); i > 0; i--) {
                model.add(names.get(dice.nextInt(names.size())) + ": " + dice.nextInt(1000));
            }
            RequestHead head = head(model.toArray(String[]::new));
            for (int edit = dice.nextInt(40); edit > 0; edit--) {
                FieldName name = names.get(dice.nextInt(names.size()));
                String value = "v".repeat(dice.nextInt(80));
                switch (dice.nextInt(4)) {
                    case 0 -> {
                        head.add(name, value);
                        model.add(name + ": " + value);
                    }
                    case 1 -> {
                        head.set(name, value);
                        model.removeIf(line -> line.startsWith(name + ":"));
                        model.add(name + ": " + value);
                    }
                    case 2 -> {
                        head.remove(name);
                        model.removeIf(line -> line.startsWith(name + ":"));
                    }
                    default -> {
                        int first = head.find(name, 0);
                        if (first >= 0) {
                            head.removeAt(first);
                            model.remove(name + ": " + head.value(first));
                        }
                    }
                }
                assertThat(head.fieldCount()).isEqualTo(model.size());
            }
            assertThat(lines(head)).as("seed %s", seed).containsExactlyElementsOf(model);
        }
    }

    // ---- blocks

    @Test
    void blockIsAddedAsAWhole() {
        FieldBlock block =
                FieldBlock.of(
                        to -> {
                            to.add(FieldName.VIA, "1.1 weir");
                            to.add(FieldName.of("X-Own"), "a");
                        });
        RequestHead first = head("Host: a");
        first.add(block);
        RequestHead second = head("Host: b", "Cookie: " + "c".repeat(2000));
        second.remove(FieldName.COOKIE);
        second.add(block);
        second.add(FieldName.AGE, "1");
        assertThat(lines(first)).containsExactly("Host: a", "Via: 1.1 weir", "X-Own: a");
        assertThat(lines(second)).containsExactly("Host: b", "Via: 1.1 weir", "X-Own: a", "Age: 1");
        assertThat(second.get(FieldName.VIA)).isEqualTo("1.1 weir");
        assertThat(second.get(FieldName.of("x-own"))).isEqualTo("a");
        second.remove(FieldName.VIA);
        assertThat(lines(second)).containsExactly("Host: b", "X-Own: a", "Age: 1");
    }

    @Test
    void emptyBlockAddsNothing() {
        RequestHead head = head("Host: a");
        head.add(FieldBlock.of(to -> {}));
        assertThat(lines(head)).containsExactly("Host: a");
    }

    @Test
    void whatTheWriterOfABlockTookBackIsNotAdded() {
        FieldBlock block =
                FieldBlock.of(
                        to -> {
                            to.add(FieldName.VIA, "first");
                            to.add(FieldName.AGE, "1");
                            to.set(FieldName.VIA, "second");
                        });
        RequestHead head = head("Host: a", "Cookie: b");
        head.add(block);
        assertThat(lines(head)).containsExactly("Host: a", "Cookie: b", "Age: 1", "Via: second");
        assertThat(head.fieldCount()).isEqualTo(4);
        assertThat(head.getAll(FieldName.VIA)).isEqualTo("second");
    }

    // ---- hop by hop

    @Test
    void whatIsMeantForTheNextHopIsRemoved() {
        RequestHead head =
                head(
                        "Host: a",
                        "Connection: keep-alive",
                        "Keep-Alive: timeout=5",
                        "Proxy-Connection: keep-alive",
                        "TE: trailers",
                        "Transfer-Encoding: chunked",
                        "Upgrade: websocket",
                        "HTTP2-Settings: AAMAAABk",
                        "Trailer: X-Sum",
                        "Cookie: c");
        head.removeHopByHop();
        assertThat(lines(head)).containsExactly("Host: a", "Trailer: X-Sum", "Cookie: c");
    }

    @Test
    void whatConnectionNamesIsRemovedWhereverItStands() {
        RequestHead head =
                head(
                        "X-Own: 1",
                        "Cookie: c",
                        "connection: x-own, Cookie",
                        "Host: a",
                        "Connection: \t,, keep-alive ,X-OTHER",
                        "x-own: 2",
                        "X-Other: 3",
                        "X-Others: 4");
        head.removeHopByHop();
        assertThat(lines(head)).containsExactly("Host: a", "X-Others: 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "close, Host, Content-Length, Connection",
                "HOST",
                "content-length",
                "a b, \"Host\", Host: a, \u00e4"
            })
    void connectionCannotRemoveWhatFramesOrRoutes(String options) {
        RequestHead head = head("Connection: " + options, "Host: a", "Content-Length: 1");
        head.removeHopByHop();
        assertThat(lines(head)).containsExactly("Host: a", "Content-Length: 1");
    }

    @Test
    void hopByHopRemovalTouchesNothingElse() {
        RequestHead head = completeRequest(SampleHeads.BROWSER);
        String before = encoded(head);
        head.removeHopByHop();
        assertThat(encoded(head)).isEqualTo(before.replace("Connection: keep-alive\r\n", ""));
        head.removeHopByHop();
        assertThat(encoded(head)).isEqualTo(before.replace("Connection: keep-alive\r\n", ""));
    }

    @Test
    void fieldsShowAsLines() {
        RequestHead head = head("Host: a", "X: b");
        head.removeAt(0);
        assertThat(head).hasToString("X: b\r\n");
    }
}
