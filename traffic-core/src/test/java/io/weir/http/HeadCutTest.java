package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Corpus;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A head means the same, and has the same defect, in however many pieces it comes. */
class HeadCutTest {

    static List<SampleHeads.Sample> requests() {
        return SampleHeads.requests();
    }

    static List<SampleHeads.Sample> responses() {
        return SampleHeads.responses();
    }

    static Stream<Corpus.Case> requestsOfTheCorpora() {
        return Stream.of("/corpus/ambiguous-requests.txt", "/corpus/legal-oddities.txt")
                .flatMap(name -> Corpus.read(name).stream())
                .filter(data -> data.send().length > 0);
    }

    static Stream<Corpus.Case> responsesOfTheCorpora() {
        return Stream.of("/corpus/broken-answers.txt", "/corpus/legal-oddities.txt")
                .flatMap(name -> Corpus.read(name).stream())
                .filter(data -> data.reply() != null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void requestIsTheSameWhereverItIsCut(SampleHeads.Sample sample) {
        for (int[] cuts : Cuts.all(sample.bytes().length)) {
            assertThat(HeadReading.request(sample.bytes(), cuts))
                    .as("cut at %s", Arrays.toString(cuts))
                    .isEqualTo(HeadReading.request(sample.bytes()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responses")
    void responseIsTheSameWhereverItIsCut(SampleHeads.Sample sample) {
        for (int[] cuts : Cuts.all(sample.bytes().length)) {
            assertThat(HeadReading.response(sample.bytes(), cuts))
                    .as("cut at %s", Arrays.toString(cuts))
                    .isEqualTo(HeadReading.response(sample.bytes()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsOfTheCorpora")
    void requestOfTheCorporaIsTheSameInCrumbs(Corpus.Case data) {
        byte[] bytes = data.send();
        HeadReading whole = HeadReading.request(bytes);
        assertThat(HeadReading.request(bytes, Cuts.everywhere(bytes.length))).isEqualTo(whole);
        assertThat(HeadReading.request(bytes, Cuts.drawn(bytes))).isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("responsesOfTheCorpora")
    void responseOfTheCorporaIsTheSameInCrumbs(Corpus.Case data) {
        byte[] bytes = Objects.requireNonNull(data.reply());
        HeadReading whole = HeadReading.response(bytes);
        assertThat(HeadReading.response(bytes, Cuts.everywhere(bytes.length))).isEqualTo(whole);
        assertThat(HeadReading.response(bytes, Cuts.drawn(bytes))).isEqualTo(whole);
    }
}
