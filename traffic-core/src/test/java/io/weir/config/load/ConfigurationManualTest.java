package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.MadeFile;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class ConfigurationManualTest {

    private static final Path MANUAL = Path.of("..", "docs", "configuration.md");

    @Test
    void theManualSaysWhatTheSchemaSays() throws IOException {
        MadeFile.mustHave(MANUAL, ConfigurationManual.text());
    }

    @Test
    void theCompleteFileOfTheManualLoads() throws IOException {
        List<String> files = new ArrayList<>();
        Matcher blocks =
                Pattern.compile("```yaml\n(virtual-servers:.*?)```", Pattern.DOTALL)
                        .matcher(ConfigurationManual.text());
        while (blocks.find()) {
            files.add(blocks.group(1));
        }
        assertThat(files).isNotEmpty().allSatisfy(text -> Loading.config(text));
    }

    @Test
    void everyAlgorithmOfTheSchemaIsExplained() throws IOException {
        String text = ConfigurationManual.text();
        assertThat(SchemaKeys.at("pools", "shop", "algorithm").shape().choices())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(text).contains("\n| `" + name + "` | "));
    }
}
