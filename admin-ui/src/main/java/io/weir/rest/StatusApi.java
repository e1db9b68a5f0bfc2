package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.config.NodeAddress;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.NodeAddresses;
import io.weir.control.NodeChange;
import io.weir.control.NodeCommand;
import io.weir.control.RefusedException;
import io.weir.control.ReloadRequest;
import io.weir.control.local.Documents;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is observed, and what is decided about nodes. Safe for every thread. */
final class StatusApi {

    private static final Set<String> DECISION =
            Set.of("pool", "reason", "owner", "seconds", "expected-revision", "weight");
    private static final long LONGEST = Duration.ofDays(3650).toSeconds();

    private static final String BODY =
            """
            {"type":"object","properties":{
            "pool":{"type":"string","description":"only there; without it in every pool"},
            "reason":{"type":"string"},"owner":{"type":"string"},
            "seconds":{"type":"integer","description":"ends by itself after so long"},
            "weight":{"type":"integer","description":"for weight: 1 to 100; without it as configured"},
            "expected-revision":{"type":"integer","description":"of the overlay that was looked at"}}}
            """;

    private final Control control;
    private final Ticker ticker;

    StatusApi(Control control, Ticker ticker) {
        this.control = control;
        this.ticker = ticker;
    }

    List<Operation> operations() {
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                        "getStatus",
                        "/v1/status",
                        "status",
                        "Everything about the running Weir",
                        r -> Answers.document(200, Documents.status(control.status()))));
        list.add(
                Operation.get(
                        "getHealth",
                        "/v1/health",
                        "status",
                        "Alive, ready, degraded, and why",
                        r -> Answers.document(200, Documents.health(control.health()))));
        for (String action : List.of("drain", "undrain", "disable", "enable", "weight")) {
            list.add(
                    new Operation(
                            action + "Node",
                            "POST",
                            "/v1/nodes/{node}/" + action,
                            "pools",
                            Permission.OPERATE,
                            "Decides about a node (host:port): " + action,
                            List.of(),
                            BODY,
                            200,
                            request -> decide(request, action)));
        }
        list.add(
                new Operation(
                        "reload",
                        "POST",
                        "/v1/reload",
                        "global",
                        Permission.CHANGE,
                        "Reads the configuration files again and puts them in force",
                        List.of("allow-shrink", "true if it may take away much"),
                        null,
                        200,
                        this::reload));
        list.add(
                Operation.get(
                        "check",
                        "/v1/check",
                        "global",
                        "What a reload would find now",
                        r -> Answers.document(200, Documents.check(control.check()))));
        return list;
    }

    private AdminResponse reload(Request request) throws BadRequestException, RefusedException {
        return Answers.document(
                200,
                Documents.reload(
                        control.reload(
                                new ReloadRequest(
                                        request.flag("allow-shrink"), false, request.base()),
                                request.author())));
    }

    private AdminResponse decide(Request request, String word)
            throws BadRequestException, RefusedException {
        Fields fields = Fields.of(request.objectOrEmpty(), DECISION);
        String text = request.part("node");
        NodeAddress node = NodeAddresses.parse(text);
        if (node == null) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "node", "'" + text + "'", "host:port, as in 10.0.0.1:80"));
        }
        NodeCommand command =
                new NodeCommand(
                        fields.text("pool"),
                        node,
                        action(word, fields.number("weight")),
                        fields.text("owner"),
                        Objects.requireNonNullElse(fields.text("reason"), ""),
                        expiry(fields.number("seconds")));
        NodeChange change =
                control.setNodes(
                                List.of(command),
                                fields.number("expected-revision"),
                                request.author())
                        .getFirst();
        return Answers.document(200, Documents.change(change));
    }

    private static NodeCommand.Action action(String word, @Nullable Long weight)
            throws RefusedException {
        if (weight != null && (weight < 1 || weight > 100)) {
            throw new RefusedException(
                    new ControlProblem.Invalid("weight", weight.toString(), "1 to 100"));
        }
        return switch (word) {
            case "drain" -> new NodeCommand.Drain();
            case "undrain" -> new NodeCommand.Undrain();
            case "disable" -> new NodeCommand.Disable();
            case "enable" -> new NodeCommand.Enable();
            default -> new NodeCommand.Weight(weight == null ? null : weight.intValue());
        };
    }

    private @Nullable Instant expiry(@Nullable Long seconds) throws RefusedException {
        if (seconds == null) {
            return null;
        }
        if (seconds < 1 || seconds > LONGEST) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "time", seconds + " seconds", "1 second to 10 years"));
        }
        return ticker.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(seconds);
    }
}
