package io.weir.control.local;

import io.weir.cache.CacheQuery;
import io.weir.cache.Wildcard;
import io.weir.config.NodeAddress;
import io.weir.config.OverlayEntry.AtDeadline;
import io.weir.control.Author;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.LeaseRequest;
import io.weir.control.NodeAddresses;
import io.weir.control.NodeCommand;
import io.weir.control.RefusedException;
import io.weir.control.ReloadRequest;
import io.weir.control.Safety;
import io.weir.control.SafetyQuestion;
import io.weir.control.store.Json;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The commands of the control socket. A request is {@code {"version":1, "command":"drain",
 * "arguments":{…}}}; the answer is {@code {"version":1, "ok":true, "result":{…}}}, or {@code
 * "ok":false} with a {@code problem} that has at least {@code code} and {@code message}.
 *
 * <pre>
 * ping                                                     nothing; tells that Weir is there
 * status | health | check                                  the documents of the same names
 * reload       allow-shrink, expected-revision
 * drain | undrain | disable | enable    node, pool, owner, reason, seconds, expected-revision
 *              drain also: deadline-seconds, and at-deadline: nothing, disable, close
 * safe         node, idle-seconds, lease-seconds, owner, reason
 * release      node
 * weight       the same, and weight (null: as configured)
 * actions      how every action is
 * test-action  action
 * cache-stats  the figures of the cache
 * cache-list   virtual-server, scheme, host, path, tag, max
 * cache-purge  the same without max, and soft; without any of them, all
 * history | audit                       max
 * backup-drill                          nothing; tries out what is kept elsewhere
 * revision | confirm                    revision (null: the one in force, or pending)
 * diff         from, to (null: the one before, and the one in force)
 * change       edits, comment, expected-revision, dry-run, allow-shrink, confirm-seconds
 * rollback     revision, and the same but edits
 * exchanges    virtual-server, node, kept, min-status, max, before
 * exchange     id
 * last-error   nothing
 * foresee      request, headers, client, virtual-server
 * connections  virtual-server, node, client, state, max, ended
 * events       max, follow (then one line for each event, and an empty one now and then)
 * </pre>
 *
 * Safe for every thread.
 */
final class ControlCommands {

    private static final int MAX_EVENTS = 10_000;
    private static final int MAX_ENTRIES = 10_000;

    private final Control control;
    private final Ticker ticker;
    private final RevisionCommands revisions;
    private final TrafficCommands traffic;

    private final @Nullable UserCommands users;

    /**
     * @param users null where there are no users
     */
    ControlCommands(Control control, Ticker ticker, @Nullable UserCommands users) {
        this.users = users;
        this.control = control;
        this.revisions = new RevisionCommands(control);
        this.traffic = new TrafficCommands(control.traffic());
        this.ticker = ticker;
    }

    /**
     * The request in a line.
     *
     * @throws IllegalArgumentException when it is none of this version
     */
    static Map<String, @Nullable Object> request(String line) {
        Map<String, @Nullable Object> request = Json.readObject(line);
        Object version = request.get("version");
        if (!Long.valueOf(ControlSocket.VERSION).equals(version)) {
            throw new IllegalArgumentException(
                    "the version is "
                            + version
                            + ", expected "
                            + ControlSocket.VERSION
                            + "; use the weir command of the same release");
        }
        return request;
    }

    /** Whether the request is for events as they come. */
    static boolean follows(Map<String, @Nullable Object> request) {
        return "events".equals(request.get("command"))
                && request.get("arguments") instanceof Map<?, ?> arguments
                && Boolean.TRUE.equals(arguments.get("follow"));
    }

    /** A problem document for a request that cannot be understood. */
    static Map<String, @Nullable Object> malformed(IllegalArgumentException e) {
        return Json.object("code", "invalid", "message", e.getMessage());
    }

    /**
     * Runs a command.
     *
     * @return the result document
     * @throws IllegalArgumentException when the request is malformed
     */
    @Nullable Object run(Map<String, @Nullable Object> request, Author author)
            throws RefusedException {
        String command = string(request, "command");
        Arguments arguments = new Arguments(request.get("arguments"));
        if (command == null) {
            throw new IllegalArgumentException("the command is missing");
        }
        return switch (command) {
            case "ping" -> Json.object("pid", ProcessHandle.current().pid());
            case "status" -> Documents.status(control.status());
            case "health" -> Documents.health(control.health());
            case "check" -> Documents.check(control.check());
            case "reload" ->
                    Documents.reload(
                            control.reload(
                                    new ReloadRequest(
                                            arguments.truth("allow-shrink"),
                                            false,
                                            arguments.number("expected-revision")),
                                    author));
            case "drain" -> node(drain(arguments), arguments, author);
            case "safe" -> SafetyDocuments.safety(safe(arguments, author));
            case "release" -> {
                NodeAddress node = address(arguments);
                control.release(node, author);
                yield Json.object("node", node);
            }
            case "undrain" -> node(new NodeCommand.Undrain(), arguments, author);
            case "disable" -> node(new NodeCommand.Disable(), arguments, author);
            case "enable" -> node(new NodeCommand.Enable(), arguments, author);
            case "weight" -> {
                Long weight = arguments.number("weight");
                if (weight != null && (weight < 1 || weight > 100)) {
                    throw new RefusedException(
                            new ControlProblem.Invalid("weight", weight.toString(), "1 to 100"));
                }
                yield node(
                        new NodeCommand.Weight(weight == null ? null : weight.intValue()),
                        arguments,
                        author);
            }
            case "actions" -> control.actions().list().stream().map(Documents::action).toList();
            case "test-action" -> {
                String name = arguments.text("action");
                if (name == null) {
                    throw new RefusedException(
                            new ControlProblem.Invalid("action", "missing", "its name"));
                }
                yield Documents.actionTest(name, control.testAction(name, author));
            }
            case "cache-stats" -> CacheDocuments.figures(control.cache().figures());
            case "cache-list" -> {
                CacheQuery query = cacheQuery(arguments);
                control.mustExist(query);
                Long max = arguments.number("max");
                yield CacheDocuments.listing(
                        control.cache()
                                .find(query, Math.clamp(max == null ? 50 : max, 0, MAX_ENTRIES)));
            }
            case "cache-purge" -> {
                CacheQuery query = cacheQuery(arguments);
                if (query.everything() && !arguments.truth("all")) {
                    throw new RefusedException(
                            new ControlProblem.Invalid(
                                    "choice of responses",
                                    "empty",
                                    "a virtual server, scheme, host, path or tag, or all"));
                }
                yield CacheDocuments.purged(
                        control.purgeCache(query, arguments.truth("soft"), author));
            }
            case "events" -> {
                Long max = arguments.number("max");
                yield control.events(Math.clamp(max == null ? 50 : max, 0, MAX_EVENTS)).stream()
                        .map(Documents::event)
                        .toList();
            }
            case "history" -> revisions.history(arguments.number("max"));
            case "revision" -> revisions.content(arguments.number("revision"));
            case "diff" -> revisions.difference(arguments.number("from"), arguments.number("to"));
            case "change" -> revisions.change(arguments, author);
            case "rollback" -> revisions.rollback(arguments, author);
            case "confirm" -> revisions.confirm(arguments.number("revision"), author);
            case "backup-drill" -> revisions.drill();
            case "audit" -> revisions.audit(arguments.number("max"));
            default -> {
                if (TrafficCommands.NAMES.contains(command)) {
                    yield traffic.run(command, arguments);
                }
                if (users == null) {
                    throw new IllegalArgumentException(
                            "there is no command " + command + " in this version of Weir");
                }
                yield users.run(command, arguments, author);
            }
        };
    }

    private Object node(NodeCommand.Action action, Arguments arguments, Author author)
            throws RefusedException {
        NodeAddress node = address(arguments);
        Long seconds = seconds(arguments, "seconds");
        String reason = arguments.text("reason");
        NodeCommand command =
                new NodeCommand(
                        arguments.text("pool"),
                        node,
                        action,
                        arguments.text("owner"),
                        reason == null ? "" : reason,
                        seconds == null
                                ? null
                                : ticker.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(seconds));
        Map<String, @Nullable Object> document =
                Documents.change(
                        control.setNodes(
                                        List.of(command),
                                        arguments.number("expected-revision"),
                                        author)
                                .getFirst());
        document.put("sessions", Documents.sessions(control.status().plane(), node));
        return document;
    }

    private NodeCommand.Drain drain(Arguments arguments) throws RefusedException {
        Long seconds = seconds(arguments, "deadline-seconds");
        String then = arguments.text("at-deadline");
        if (then != null && !Set.of("nothing", "disable", "close").contains(then)) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "deed at the deadline", "'" + then + "'", "nothing, disable or close"));
        }
        if (seconds == null) {
            if (then != null) {
                throw new RefusedException(
                        new ControlProblem.Invalid(
                                "deadline", "missing", "a time, because at-deadline is given"));
            }
            return new NodeCommand.Drain();
        }
        return new NodeCommand.Drain(
                ticker.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(seconds),
                then == null
                        ? AtDeadline.NOTHING
                        : AtDeadline.valueOf(then.toUpperCase(Locale.ROOT)));
    }

    private Safety safe(Arguments arguments, Author author) throws RefusedException {
        Long idle = seconds(arguments, "idle-seconds");
        Long lease = seconds(arguments, "lease-seconds");
        String reason = arguments.text("reason");
        SafetyQuestion question =
                new SafetyQuestion(
                        address(arguments), idle == null ? null : Duration.ofSeconds(idle));
        return lease == null
                ? control.safety(question, author)
                : control.lease(
                        new LeaseRequest(
                                question,
                                Duration.ofSeconds(lease),
                                arguments.text("owner"),
                                reason == null ? "" : reason),
                        author);
    }

    private static NodeAddress address(Arguments arguments) throws RefusedException {
        String name = arguments.text("node");
        NodeAddress node = name == null ? null : NodeAddresses.parse(name);
        if (node == null) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "node",
                            name == null ? "missing" : "'" + name + "'",
                            "host:port, as in 10.0.0.1:80 or [::1]:80"));
        }
        return node;
    }

    private static @Nullable Long seconds(Arguments arguments, String name)
            throws RefusedException {
        Long seconds = arguments.number(name);
        if (seconds != null && (seconds < 1 || seconds > Duration.ofDays(3650).toSeconds())) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "time", seconds + " seconds", "1 second to 10 years"));
        }
        return seconds;
    }

    private static CacheQuery cacheQuery(Arguments arguments) throws RefusedException {
        String scheme = arguments.text("scheme");
        if (scheme != null && !scheme.equals("http") && !scheme.equals("https")) {
            throw new RefusedException(
                    new ControlProblem.Invalid("scheme", "'" + scheme + "'", "http or https"));
        }
        return new CacheQuery(
                arguments.text("virtual-server"),
                scheme == null ? null : scheme.equals("https"),
                wildcard(arguments.text("host")),
                wildcard(arguments.text("path")),
                arguments.text("tag"));
    }

    private static Wildcard wildcard(@Nullable String text) {
        return text == null ? Wildcard.ANY : new Wildcard(text);
    }

    private static @Nullable String string(Map<String, @Nullable Object> map, String name) {
        return map.get(name) instanceof String text ? text : null;
    }
}
