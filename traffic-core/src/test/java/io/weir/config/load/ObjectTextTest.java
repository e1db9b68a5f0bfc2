package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ObjectTextTest {

    private static final String TEXT =
            """
            virtual-servers:
              web:
                listen: ":8080"
                pool: web
                timeout: 1m30s
                log: false
            pools:
              web:
                nodes:
                  - app1:80
                  - address: 10.0.0.2:80
                    weight: 5
                priority-nodes: ${env:LEAST:-0}
                monitors:
                  - probe
            monitors:
              probe:
                type: http
                authentication: "${file:probe-password}"
            """;

    @TempDir Path directory;

    @Test
    void writesWhatWasWritten() {
        Loaded loaded = parse(TEXT);
        ObjectNode document = loaded.document().json();
        assertThat(ObjectText.whole(document)).isEqualTo(TEXT);
    }

    @Test
    void everyExampleComesBackTheSame() throws IOException {
        int seen = 0;
        try (Stream<Path> files = Files.walk(Path.of("../config-examples"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml"))
                            .filter(f -> !f.toString().contains("/target/"))
                            .toList()) {
                Loaded loaded = ConfigLoader.load(file, Environment.of(Map.of(), file));
                ObjectNode document = loaded.document().json();
                String text = ObjectText.whole(document);
                Loaded again = ConfigLoader.parse(text, file, Environment.of(Map.of(), file));
                ObjectNode second = again.document().json();
                assertThat(second).describedAs("%s", file).isEqualTo(document);
                assertThat(ObjectText.whole(second)).isEqualTo(text);
                assertThat(again.config()).describedAs("%s", file).isEqualTo(loaded.config());
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(15);
    }

    @Test
    void aLiteralSecretIsNotInTheDocument() {
        Loaded loaded = parse("global: {cluster-key: sesame-open-sesame}\n");
        assertThat(loaded.document().json().toString())
                .contains("***")
                .doesNotContain("sesame-open-sesame");
    }

    @Test
    void tellsWhereThingsStand() {
        ConfigDocument document = parse(TEXT).document();
        assertThat(document.where(List.of("pools", "web", "nodes"))).endsWith("weir.yaml:9");
        assertThat(document.where(List.of("pools", "other"))).endsWith("weir.yaml:7");
        assertThat(document.where(List.of("global"))).endsWith("weir.yaml");
    }

    @Test
    void renamesEveryReferenceOfTheKindAndNothingElse() {
        ObjectNode document =
                parse(
                                """
                                virtual-servers:
                                  web:
                                    listen: ":8080"
                                    pool: web
                                    routes:
                                      - sni: web
                                        pool: web
                                    request-rules: [web, {rule: web}]
                                pools:
                                  web: {nodes: ["a:80"], failure-pool: web, monitors: [web]}
                                """)
                        .document()
                        .json();
        assertThat(DocumentKeys.renameReferences(document, "pools", "web", "www")).isEqualTo(3);
        assertThat(DocumentKeys.renameReferences(document, "rules", "web", "route")).isEqualTo(2);
        assertThat(ObjectText.whole(document))
                .isEqualTo(
                        """
                        virtual-servers:
                          web:
                            listen: ":8080"
                            pool: www
                            request-rules:
                              - route
                              - rule: route
                            routes:
                              - sni: web
                                pool: www
                        pools:
                          web:
                            nodes:
                              - a:80
                            failure-pool: www
                            monitors:
                              - web
                        """);
    }

    private Loaded parse(String text) {
        Path file = directory.resolve("weir.yaml");
        return ConfigLoader.parse(text, file, Environment.of(Map.of(), file));
    }
}
