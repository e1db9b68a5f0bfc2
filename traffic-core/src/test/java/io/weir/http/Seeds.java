package io.weir.http;

import io.weir.testkit.Corpus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/** The corpora of messages as starting points for the fuzzer. */
final class Seeds {

    private Seeds() {}

    /** Every request of the corpora, as sent. */
    static Stream<byte[]> requests() {
        return Stream.concat(cases(), Corpus.read("/corpus/broken-answers.txt").stream())
                .map(Corpus.Case::send)
                .filter(bytes -> bytes.length > 0);
    }

    /** Every answer of the corpora, as sent. */
    static Stream<byte[]> answers() {
        return Stream.concat(
                        Corpus.read("/corpus/broken-answers.txt").stream(),
                        Corpus.read("/corpus/legal-oddities.txt").stream())
                .filter(data -> data.reply() != null)
                .map(data -> Objects.requireNonNull(data.reply()));
    }

    /** What stands behind the first head of every message of the corpora that has something. */
    static Stream<byte[]> bodies() {
        return Stream.concat(requests(), answers())
                .map(Seeds::behindHead)
                .filter(bytes -> bytes.length > 0);
    }

    private static Stream<Corpus.Case> cases() {
        return Stream.concat(
                Corpus.read("/corpus/ambiguous-requests.txt").stream(),
                Corpus.read("/corpus/legal-oddities.txt").stream());
    }

    private static byte[] behindHead(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? new byte[0] : Arrays.copyOfRange(message, end + 4, message.length);
    }
}
