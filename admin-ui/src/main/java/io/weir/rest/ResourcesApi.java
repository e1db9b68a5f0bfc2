package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.cache.CacheQuery;
import io.weir.cache.Wildcard;
import io.weir.config.NodeAddress;
import io.weir.config.RuleConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.NodeAddresses;
import io.weir.control.Ownership;
import io.weir.control.RefusedException;
import io.weir.control.SafetyQuestion;
import io.weir.control.local.CacheDocuments;
import io.weir.control.local.SafetyDocuments;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What stands beside the configuration and the status: the schema, files, the cache, whether a node
 * can be taken. Safe for every thread.
 */
final class ResourcesApi {

    private static final int MAX_ENTRIES = 1000;

    private static final String PURGE =
            """
            {"type":"object","properties":{"virtual-server":{"type":"string"},
            "host":{"type":"string"},"path":{"type":"string"},"tag":{"type":"string"},
            "soft":{"type":"boolean","description":"true to keep them for late use"},
            "all":{"type":"boolean","description":"true when nothing else is said"}}}
            """;

    private final Control control;

    ResourcesApi(Control control) {
        this.control = control;
    }

    List<Operation> operations() {
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                        "getSchema",
                        "/v1/schema",
                        "",
                        "The JSON Schema of the configuration",
                        r -> AdminResponse.json(200, ConfigLoader.schema())));
        list.add(
                Operation.get(
                        "listFiles",
                        "/v1/files",
                        "files",
                        "The files beside the configuration",
                        r -> files()));
        list.add(
                Operation.get(
                        "getFile",
                        "/v1/files/{path}",
                        "files",
                        "A file beside the configuration; slashes in its path as %2F",
                        this::file));
        list.add(
                Operation.get(
                                "listCache",
                                "/v1/cache",
                                "cache",
                                "What the cache holds",
                                this::cache)
                        .taking(
                                "virtual-server", "that of this one",
                                "host", "that for hosts like this; * stands for any characters",
                                "path", "that whose path, with its query, is like this",
                                "tag", "that with this tag",
                                "max", "how much at most; 50 unless said"));
        list.add(
                Operation.get(
                        "getCacheFigures",
                        "/v1/cache/figures",
                        "cache",
                        "What the cache was to requests, by virtual server",
                        r ->
                                Answers.document(
                                        200, CacheDocuments.figures(control.cache().figures()))));
        list.add(
                new Operation(
                        "purgeCache",
                        "POST",
                        "/v1/cache/purge",
                        "cache",
                        Permission.OPERATE,
                        "Takes out of the cache what fits",
                        List.of(),
                        PURGE,
                        200,
                        this::purge));
        list.add(
                Operation.get(
                                "getSafety",
                                "/v1/nodes/{node}/safety",
                                "pools",
                                "Whether it is safe to take a node now, and why",
                                this::safety)
                        .taking("idle-seconds", "unused for so long, sessions count as over"));
        return list;
    }

    private AdminResponse files() {
        List<Object> files = new ArrayList<>();
        control.files()
                .forEach(f -> files.add(Json.object("path", f.path(), "secret", f.secret())));
        if (control.desired().ownership() == Ownership.FILES) {
            for (RuleConfig rule : control.config().rules().values()) {
                files.add(Json.object("path", rule.file().toString(), "secret", false));
            }
        }
        return Answers.document(200, Json.object("files", files));
    }

    private AdminResponse file(Request request) throws BadRequestException {
        String path = request.part("path");
        byte[] content = control.file(path);
        if (content == null) {
            content = source(path);
        }
        if (content == null) {
            throw new BadRequestException(404, "there is no file " + path + " that may be shown");
        }
        return AdminResponse.of(200, "text/plain; charset=utf-8", content);
    }

    /** The text of a rule where files own the configuration: nothing else of theirs is shown. */
    private byte @Nullable [] source(String path) {
        if (control.desired().ownership() == Ownership.FILES) {
            for (RuleConfig rule : control.config().rules().values()) {
                String file = rule.file().toString();
                if (file.equals(path) || file.endsWith("/" + path)) {
                    return rule.source().getBytes(StandardCharsets.UTF_8);
                }
            }
        }
        return null;
    }

    private AdminResponse cache(Request request) throws BadRequestException, RefusedException {
        CacheQuery query =
                query(
                        request.parameter("virtual-server"),
                        request.parameter("host"),
                        request.parameter("path"),
                        request.parameter("tag"));
        control.mustExist(query);
        return Answers.document(
                200,
                CacheDocuments.listing(
                        control.cache().find(query, request.number("max", 50, MAX_ENTRIES))));
    }

    private AdminResponse purge(Request request) throws BadRequestException, RefusedException {
        Fields fields =
                Fields.of(
                        request.objectOrEmpty(),
                        Set.of("virtual-server", "host", "path", "tag", "soft", "all"));
        CacheQuery query =
                query(
                        fields.text("virtual-server"),
                        fields.text("host"),
                        fields.text("path"),
                        fields.text("tag"));
        if (query.everything() && !fields.flag("all")) {
            throw new BadRequestException(
                    "nothing is chosen, expected virtual-server, host, path or tag, or all");
        }
        return Answers.document(
                200,
                CacheDocuments.purged(
                        control.purgeCache(query, fields.flag("soft"), request.author())));
    }

    private static CacheQuery query(
            @Nullable String server,
            @Nullable String host,
            @Nullable String path,
            @Nullable String tag) {
        return new CacheQuery(
                server,
                null,
                host == null ? Wildcard.ANY : new Wildcard(host),
                path == null ? Wildcard.ANY : new Wildcard(path),
                tag);
    }

    private AdminResponse safety(Request request) throws BadRequestException, RefusedException {
        String text = request.part("node");
        NodeAddress node = NodeAddresses.parse(text);
        if (node == null) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "node", "'" + text + "'", "host:port, as in 10.0.0.1:80"));
        }
        int seconds = request.number("idle-seconds", -1, 999_999_999);
        Duration idle = seconds < 0 ? null : Duration.ofSeconds(seconds);
        return Answers.document(
                200,
                SafetyDocuments.safety(
                        control.safety(new SafetyQuestion(node, idle), request.author())));
    }
}
