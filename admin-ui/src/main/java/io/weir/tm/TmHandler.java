package io.weir.tm;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.launcher.process.MachineName;
import io.weir.metrics.MetricSource;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Finds what a path of the tree means, sees to the permission that it needs, and answers in the
 * words of the model product. Safe for every thread but an event loop.
 */
final class TmHandler implements AdminHandler {

    static final String MOUNT = "/api/tm";

    /**
     * Versions of the tree that clients ask for, the newest last; all of them are answered alike.
     */
    private static final List<String> VERSIONS =
            List.of(
                    "3.0", "3.8", "4.0", "5.2", "6.0", "6.1", "6.2", "7.0", "7.1", "8.0", "8.1",
                    "8.2", "8.3");

    private static final List<String> FIGURES =
            List.of("globals", "cache", "nodes", "pools", "virtual_servers");

    private static final JsonMapper MAPPER = new JsonMapper();

    private final TmTable table = TmTable.load();
    private final TmObjects objects;
    private final TmRules rules;
    private final TmStatus status;
    private final Audit audit;

    TmHandler(Control control, MetricSource metrics) {
        this.objects = new TmObjects(control, new TmView(control));
        this.rules = new TmRules(control);
        this.status = new TmStatus(control, metrics);
        this.audit = control.audit();
    }

    @Override
    public AdminResponse handle(AdminRequest http) {
        try {
            return answer(http, http.segments(MOUNT));
        } catch (TmProblem e) {
            if (e.status() == 403) {
                audit.refused(
                        Author.of(http.caller(), Author.Channel.REST),
                        http.method().toLowerCase(Locale.ROOT),
                        List.of(http.path()),
                        String.valueOf(e.getMessage()));
            }
            return json(e.status(), e.document());
        } catch (RefusedException e) {
            TmProblem problem = problem(e.problem());
            return json(problem.status(), problem.document());
        } catch (IllegalArgumentException e) {
            TmProblem problem = TmProblem.missing("the path has a broken escape");
            return json(problem.status(), problem.document());
        }
    }

    private static TmProblem problem(ControlProblem problem) {
        return switch (problem) {
            case ControlProblem.NotFound p -> TmProblem.missing(p.message());
            case ControlProblem.Invalid p -> refused(400, "resource.validation_error", p);
            case ControlProblem.BadConfiguration p -> refused(400, "resource.validation_error", p);
            case ControlProblem.NotApplied p -> refused(500, "resource.not_applied", p);
            case ControlProblem.Shrinks p -> refused(409, "resource.conflict", p);
            case ControlProblem.Forbidden p -> refused(403, "auth.forbidden", p);
            case ControlProblem.Conflict p -> refused(409, "resource.conflict", p);
            case ControlProblem.Unavailable p -> refused(503, "service.unavailable", p);
        };
    }

    private static TmProblem refused(int status, String id, ControlProblem problem) {
        return new TmProblem(status, id, problem.message());
    }

    private AdminResponse answer(AdminRequest http, List<String> path)
            throws TmProblem, RefusedException {
        if (path.isEmpty()) {
            return directory(http, VERSIONS);
        }
        if (!VERSIONS.contains(path.getFirst())) {
            throw TmProblem.missing(
                    "there is no version " + path.getFirst() + ", expected " + VERSIONS.getLast());
        }
        List<String> below = path.subList(1, path.size());
        return switch (String.join("/", below.subList(0, Math.min(2, below.size())))) {
            case "" -> directory(http, List.of("config", "status"));
            case "config" -> directory(http, List.of("active"));
            case "config/active" -> config(http, below.subList(2, below.size()));
            default -> {
                if (!below.getFirst().equals("status")) {
                    throw nothing(http);
                }
                mustRead(http, "status");
                yield status(http, below.subList(1, below.size()));
            }
        };
    }

    private AdminResponse config(AdminRequest http, List<String> path)
            throws TmProblem, RefusedException {
        if (path.isEmpty()) {
            return directory(http, List.copyOf(table.types().keySet()));
        }
        TmType type = table.types().get(path.getFirst());
        if (type == null || path.size() > 2) {
            throw nothing(http);
        }
        if (path.size() == 1) {
            mustRead(http, type.section());
            return leaves(http, type.name().equals("rules") ? rules.names() : objects.names(type));
        }
        String name = path.get(1);
        return type.name().equals("rules") ? rule(http, name) : object(http, type, name);
    }

    private AdminResponse object(AdminRequest http, TmType type, String name)
            throws TmProblem, RefusedException {
        Author author = Author.of(http.caller(), Author.Channel.REST);
        return switch (http.method()) {
            case "GET", "HEAD" -> {
                mustRead(http, type.section());
                yield json(200, objects.get(type, name));
            }
            case "PUT" -> {
                boolean made = objects.put(type, name, body(http), http.caller(), author);
                yield json(made ? 201 : 200, objects.get(type, name));
            }
            case "DELETE" -> {
                objects.delete(type, name, http.caller(), author);
                yield AdminResponse.empty(204);
            }
            default -> throw method(http, "GET, PUT or DELETE");
        };
    }

    private AdminResponse rule(AdminRequest http, String name) throws TmProblem, RefusedException {
        Author author = Author.of(http.caller(), Author.Channel.REST);
        return switch (http.method()) {
            case "GET", "HEAD" -> {
                mustRead(http, "rules");
                yield AdminResponse.of(
                        200,
                        "application/octet-stream",
                        rules.get(name).getBytes(StandardCharsets.UTF_8));
            }
            case "PUT" ->
                    AdminResponse.empty(
                            rules.put(name, http.body(), http.caller(), author) ? 201 : 204);
            case "DELETE" -> {
                rules.delete(name, http.caller(), author);
                yield AdminResponse.empty(204);
            }
            default -> throw method(http, "GET, PUT or DELETE");
        };
    }

    private AdminResponse status(AdminRequest http, List<String> path) throws TmProblem {
        if (path.isEmpty()) {
            return directory(http, List.of("local_tm", MachineName.get()));
        }
        if (!path.getFirst().equals("local_tm") && !path.getFirst().equals(MachineName.get())) {
            throw TmProblem.missing("there is no machine " + path.getFirst() + ", only local_tm");
        }
        mustLook(http);
        List<String> below = path.subList(1, path.size());
        String where = String.join("/", below);
        return switch (where) {
            case "" -> directory(http, List.of("information", "state", "statistics"));
            case "information" -> json(200, status.information());
            case "state" -> json(200, status.state());
            case "statistics" -> directory(http, FIGURES);
            case "statistics/globals" -> json(200, status.globals());
            case "statistics/cache" -> leaves(http, List.of("web_cache"));
            case "statistics/cache/web_cache" -> json(200, status.webCache());
            case "statistics/nodes" -> directory(http, List.of("node", "per_pool_node"));
            case "statistics/pools",
                    "statistics/virtual_servers",
                    "statistics/nodes/node",
                    "statistics/nodes/per_pool_node" ->
                    leaves(http, status.names(where.substring("statistics/".length())));
            default -> figures(http, below);
        };
    }

    private AdminResponse figures(AdminRequest http, List<String> path) throws TmProblem {
        String kind = String.join("/", path.subList(0, path.size() - 1));
        String name = path.getLast();
        return switch (kind) {
            case "statistics/pools" -> json(200, status.pool(name));
            case "statistics/virtual_servers" -> json(200, status.server(name));
            case "statistics/nodes/node" -> json(200, status.node(name));
            case "statistics/nodes/per_pool_node" -> json(200, status.poolNode(name));
            default -> throw nothing(http);
        };
    }

    private static void mustRead(AdminRequest http, String kind) throws TmProblem {
        TmObjects.mustBeAllowed(http.caller(), kind, Permission.READ);
    }

    private static void mustLook(AdminRequest http) throws TmProblem {
        if (!http.isSafe()) {
            throw method(http, "GET");
        }
    }

    private static TmProblem nothing(AdminRequest http) {
        return TmProblem.missing("there is nothing at " + http.path());
    }

    private static TmProblem method(AdminRequest http, String expected) {
        return new TmProblem(
                405,
                "http.method_not_allowed",
                "the method is " + http.method() + ", expected " + expected);
    }

    private static JsonNode body(AdminRequest http) throws TmProblem {
        try {
            return MAPPER.readTree(http.body());
        } catch (JacksonException e) {
            throw new TmProblem(
                    400, "json.parse_error", "the body is no JSON: " + e.getOriginalMessage());
        }
    }

    /** What is below a path, of which everything has something below it again. */
    private static AdminResponse directory(AdminRequest http, List<String> names) throws TmProblem {
        return children(http, names, "/");
    }

    private static AdminResponse leaves(AdminRequest http, List<String> names) throws TmProblem {
        return children(http, names, "");
    }

    private static AdminResponse children(AdminRequest http, List<String> names, String end)
            throws TmProblem {
        mustLook(http);
        String base = http.path().endsWith("/") ? http.path() : http.path() + "/";
        ObjectNode answer = MAPPER.createObjectNode();
        ArrayNode children = answer.putArray("children");
        for (String name : names) {
            ObjectNode child = children.addObject();
            child.put("name", name);
            child.put("href", base + escaped(name) + end);
        }
        return json(200, answer);
    }

    private static String escaped(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static AdminResponse json(int status, ObjectNode document) {
        return AdminResponse.json(status, MAPPER.writeValueAsString(document));
    }
}
