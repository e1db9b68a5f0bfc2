package io.weir.control.local;

import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.control.Traffic;
import io.weir.control.TrafficQueries;
import io.weir.explain.KeptExchange;

import java.util.Objects;
import java.util.Set;

/** The commands of the control socket that look at the traffic. Safe for every thread. */
final class TrafficCommands {

    /** Their names. */
    static final Set<String> NAMES =
            Set.of("exchanges", "exchange", "last-error", "connections", "foresee");

    private static final int MAX_EXCHANGES = 10_000;
    private static final int MAX_CONNECTIONS = 10_000;

    private final Traffic traffic;

    TrafficCommands(Traffic traffic) {
        this.traffic = traffic;
    }

    /** Runs one of {@link #NAMES}. */
    Object run(String command, Arguments arguments) throws RefusedException {
        return switch (command) {
            case "exchanges" ->
                    TrafficDocuments.page(
                            traffic.exchanges(
                                    TrafficQueries.kept(
                                            arguments.text("virtual-server"),
                                            arguments.text("node"),
                                            arguments.text("kept"),
                                            number(arguments, "min-status", 0, 999),
                                            number(arguments, "max", 50, MAX_EXCHANGES),
                                            arguments.text("before"))));
            case "exchange" -> {
                String id = Objects.requireNonNullElse(arguments.text("id"), "");
                yield TrafficDocuments.exchange(traffic.exchange(id));
            }
            case "foresee" ->
                    TrafficDocuments.foresight(
                            traffic.foresee(
                                    TrafficQueries.question(
                                            Objects.requireNonNullElse(
                                                    arguments.text("request"), ""),
                                            arguments.list("headers").stream()
                                                    .map(String::valueOf)
                                                    .toList(),
                                            arguments.text("client"),
                                            arguments.text("virtual-server"))));
            case "last-error" -> TrafficDocuments.exchange(lastError());
            default ->
                    TrafficDocuments.connections(
                            traffic.connections(
                                    TrafficQueries.connections(
                                            arguments.text("virtual-server"),
                                            arguments.text("node"),
                                            arguments.text("client"),
                                            arguments.text("state"),
                                            number(arguments, "max", 500, MAX_CONNECTIONS),
                                            arguments.truth("ended"))));
        };
    }

    private KeptExchange lastError() throws RefusedException {
        KeptExchange last = traffic.lastError();
        if (last == null) {
            throw new RefusedException(
                    new ControlProblem.NotFound("kept exchange", "that failed", "", null));
        }
        return last;
    }

    private static int number(Arguments arguments, String name, int standard, int most) {
        Long value = arguments.number(name);
        return Math.clamp(value == null ? standard : value, 0, most);
    }
}
