package io.weir.function;

import com.google.re2j.Pattern;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

import io.weir.config.ResourceFile;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * JSON Schemas out of the directory {@code resources}, made ready once and kept. A schema refers to
 * others of the directory only; nothing is fetched. Its patterns match in linear time, and the
 * steps and the depth of a validation are bounded. Safe for every thread.
 */
public final class JsonSchemas {

    private static final String PREFIX = "weir:/";
    private static final int MAX = 200;
    private static final long MAX_STEPS = 500_000;
    private static final int MAX_DEPTH = 200;

    private final Map<String, Ready> kept = new ConcurrentHashMap<>();

    /** A schema, and the files that it was made of. */
    private record Ready(Schema schema, Map<String, ResourceFile> files) {

        boolean isOf(Function<String, @Nullable ResourceFile> present) {
            return files.entrySet().stream()
                    .allMatch(file -> file.getValue().equals(present.apply(file.getKey())));
        }
    }

    /** Whether the schema is ready, so that a short text can be looked at in no time. */
    boolean isReady(String name, Function<String, @Nullable ResourceFile> files) {
        Ready ready = kept.get(name);
        return ready != null && ready.isOf(files);
    }

    /**
     * What is wrong with {@code document}, the first thing; null when it is valid.
     *
     * @param files the directory
     * @throws RuleErrorException when there is no such schema, or it is none
     */
    @Nullable String problem(
            String name, JsonNode document, Function<String, @Nullable ResourceFile> files) {
        Ready ready = kept.get(name);
        try {
            if (ready == null || !ready.isOf(files)) {
                ready = make(name, files);
                if (kept.size() >= MAX) {
                    kept.clear();
                }
                kept.put(name, ready);
            }
            List<Error> errors =
                    ready.schema()
                            .validate(
                                    document,
                                    context ->
                                            context.executionConfig(
                                                    config ->
                                                            config.failFast(true)
                                                                    .maxEvaluationSteps(MAX_STEPS)
                                                                    .maxEvaluationDepth(
                                                                            MAX_DEPTH)));
            return errors.isEmpty() ? null : text(errors.getFirst());
        } catch (StackOverflowError e) {
            throw new RuleErrorException("json schema " + name + ": it refers to itself endlessly");
        } catch (RuleErrorException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RuleErrorException("json schema " + name + ": " + e.getMessage());
        }
    }

    private static String text(Error error) {
        return error.getInstanceLocation() + ": " + error.getMessage();
    }

    private static Ready make(String name, Function<String, @Nullable ResourceFile> files) {
        if (files.apply(name) == null) {
            throw new RuleErrorException("there is no file " + name + " in resources");
        }
        Map<String, ResourceFile> used = new ConcurrentHashMap<>();
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder()
                        .regularExpressionFactory(JsonSchemas::linear)
                        .formatAssertionsEnabled(true)
                        .build();
        Function<String, @Nullable String> texts = iri -> source(iri, files, used);
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder ->
                                builder.schemaRegistryConfig(config)
                                        .schemaLoader(
                                                loader ->
                                                        loader.allow(JsonSchemas::allowed)
                                                                .resourceLoaders(
                                                                        all ->
                                                                                all.resources(
                                                                                        texts))));
        Schema schema = registry.getSchema(SchemaLocation.of(PREFIX + name));
        schema.initializeValidators();
        return new Ready(schema, used);
    }

    /** Files of the directory, and what the library itself has of the standard. */
    private static boolean allowed(AbsoluteIri iri) {
        String text = iri.toString();
        return text.startsWith(PREFIX)
                || text.startsWith("https://json-schema.org/")
                || text.startsWith("http://json-schema.org/");
    }

    private static @Nullable String source(
            String iri,
            Function<String, @Nullable ResourceFile> files,
            Map<String, ResourceFile> used) {
        ResourceFile file =
                iri.startsWith(PREFIX) ? files.apply(iri.substring(PREFIX.length())) : null;
        if (file == null) {
            return null;
        }
        used.put(file.name(), file);
        return new String(Bytes.of(file.content()), StandardCharsets.UTF_8);
    }

    private static com.networknt.schema.regex.RegularExpression linear(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return text -> pattern.matcher(text).find();
    }

    /** The document that a text is; null when it is no JSON. */
    static @Nullable JsonNode document(String text) {
        try {
            return JsonText.mapper().readTree(new String(Bytes.of(text), StandardCharsets.UTF_8));
        } catch (tools.jackson.core.JacksonException e) {
            return null;
        }
    }
}
