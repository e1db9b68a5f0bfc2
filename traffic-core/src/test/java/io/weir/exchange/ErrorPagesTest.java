package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.fault.TrafficFault;
import io.weir.fault.TrafficFault.Side;
import io.weir.http.Defect;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What clients are told when an exchange fails, and what they are not told. */
class ErrorPagesTest {

    private static final String SECRET = "node 10.0.0.1:8080 of pool inner <b>";

    private final ErrorPages builtIn = ErrorPages.PLAIN;

    /** One of each kind. */
    static List<TrafficFault> faults() {
        return List.of(
                new TrafficFault.ClientBroke(400, SECRET),
                new TrafficFault.ClientBroke(413, SECRET),
                new TrafficFault.ClientGone(SECRET),
                new TrafficFault.ClientTimedOut(SECRET),
                new TrafficFault.NoOpenNode(SECRET),
                new TrafficFault.NodeUnreachable(SECRET),
                new TrafficFault.NodeBroke(SECRET),
                new TrafficFault.NodeTimedOut(SECRET),
                new TrafficFault.NoResources(SECRET),
                new TrafficFault.Shed(SECRET, 7),
                new TrafficFault.TookTooLong(SECRET),
                new TrafficFault.RuleFailed(SECRET),
                new TrafficFault.Discarded(SECRET),
                new TrafficFault.SessionLost(SECRET, null),
                new TrafficFault.RateLimited(429, SECRET),
                new TrafficFault.Protected(429, true, 7, SECRET),
                new TrafficFault.Internal(SECRET));
    }

    @Test
    void everyKindOfFaultIsTried() {
        Set<Class<?>> tried =
                faults().stream().map(TrafficFault::getClass).collect(Collectors.toSet());
        assertThat(tried).isEqualTo(Set.of(TrafficFault.class.getPermittedSubclasses()));
    }

    private static String text(Answered answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void pageShowsTheStatusAndNotTheCause(TrafficFault fault) {
        Answered answer = builtIn.answer(fault);
        assertThat(answer.status()).isEqualTo(fault.status());
        assertThat(answer.contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(text(answer))
                .contains("<h1>" + answer.status() + " " + answer.reason() + "</h1>")
                .doesNotContain("10.0.0.1", "inner", "<b>");
        assertThat(answer.fields().toString()).doesNotContain("10.0.0.1");
        assertThat(answer.reason()).doesNotContain("10.0.0.1").isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void errorsAreNotCached(TrafficFault fault) {
        Answered answer = builtIn.answer(fault);
        assertThat(answer.fields()).contains(Map.entry("Cache-Control", "no-store"));
        assertThat(answer.fields().stream().anyMatch(f -> f.getKey().equals("Retry-After")))
                .isEqualTo(answer.status() == 503 || answer.status() == 429);
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    void everyDefectHasAPageWithTheUsualPhrase(Defect defect) {
        Answered answer =
                builtIn.answer(new TrafficFault.ClientBroke(defect.status(), defect.text()));
        assertThat(answer.status()).isEqualTo(defect.status());
        assertThat(answer.reason()).isNotEqualTo("Error");
    }

    /** RFC 9110 section 15.5.6: a 405 says what is allowed. */
    @Test
    void methodThatIsNotServedIsToldWhichAre() {
        Answered answer = builtIn.answer(new TrafficFault.ClientBroke(405, "TRACE"));
        assertThat(answer.fields())
                .filteredOn(field -> field.getKey().equals("Allow"))
                .singleElement()
                .satisfies(
                        field ->
                                assertThat(field.getValue())
                                        .contains("GET")
                                        .doesNotContain("TRACE", "CONNECT"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void ownPageStandsForFaultsOfNodesOnly(TrafficFault fault) {
        byte[] own = "<h1>Back soon \u00fc</h1>".getBytes(StandardCharsets.UTF_8);
        ErrorPages pages = new ErrorPages(own, null);
        own[0] = '!';
        Answered answer = pages.answer(fault);
        assertThat(answer.status()).isEqualTo(fault.status());
        if (fault.side() == Side.NODE) {
            assertThat(text(answer)).isEqualTo("<h1>Back soon \u00fc</h1>");
        } else {
            assertThat(answer).usingRecursiveComparison().isEqualTo(builtIn.answer(fault));
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void everyFaultHasAWordForTheCounters(TrafficFault fault) {
        assertThat(fault.metric()).matches(Pattern.compile("[a-z]+(_[a-z]+)*"));
        assertThat(fault.text()).isEqualTo(SECRET);
        assertThat(fault.status()).isBetween(400, 599);
    }
}
