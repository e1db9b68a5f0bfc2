package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.js.Catalog.Described;
import io.weir.testkit.MadeFile;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;

/** The manual and the type definitions say what there is. */
class FunctionManualTest {

    private static final Path DOCS = Path.of("..", "docs");

    private final FunctionManual manual = new FunctionManual(JsEngine.catalog());

    @Test
    void theManualIsThatOfTheFunctions() throws IOException {
        MadeFile.mustHave(DOCS.resolve("rule-functions.md"), manual.manual());
    }

    @Test
    void theTypeDefinitionsAreThoseOfTheFunctions() throws IOException {
        MadeFile.mustHave(DOCS.resolve("weir.d.ts"), manual.types());
    }

    @Test
    void everyFunctionIsDescribed() {
        for (Described function : JsEngine.catalog().functions().values()) {
            assertThat(function.text()).as(function.signature().name()).isNotBlank();
        }
    }

    @Test
    void editorsGetEveryFunctionWithItsParameters() {
        assertThat(new JsEngine().functions())
                .hasSameSizeAs(JsEngine.catalog().names())
                .anySatisfy(
                        function -> {
                            assertThat(function.signature()).isEqualTo("http.getHeader(name)");
                            assertThat(function.family()).isEqualTo("http");
                            assertThat(function.text()).isNotBlank();
                        });
    }
}
