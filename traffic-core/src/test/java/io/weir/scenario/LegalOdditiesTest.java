package io.weir.scenario;

import io.weir.testkit.ConfigText;
import io.weir.testkit.Corpus;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Every message of the corpus that is rare but legal reaches the other side as it should. */
class LegalOdditiesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final LegalScript SCRIPT = new LegalScript();
    private static FakeNode node;
    private static RunningWeir weir;

    @BeforeAll
    static void start() {
        node = WEIR.node("legal", SCRIPT);
        weir = WEIR.start(ConfigText.of(node).pool("passive-monitoring: false"));
    }

    static Stream<Corpus.Case> oddities() {
        return Corpus.read("/corpus/legal-oddities.txt").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddities")
    void works(Corpus.Case oddity) {
        SCRIPT.play(oddity, node, weir.port());
    }
}
