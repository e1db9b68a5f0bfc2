package io.weir.config.load;

import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Connect;
import io.weir.config.MonitorConfig.Dns;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Ping;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Program;
import io.weir.config.MonitorConfig.Scope;
import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.NodeAddress;
import io.weir.config.load.Node.Scalar;

import org.jspecify.annotations.Nullable;

/** Makes monitors; see {@link Binder}. */
final class MonitorBinder {

    private final ProgramFile programs;
    private final Problems problems;

    MonitorBinder(ProgramFile programs, Problems problems) {
        this.programs = programs;
        this.problems = problems;
    }

    MonitorConfig monitor(String name, Section s) {
        KeyTypes.check(s, "monitors", ProblemCode.WRONG_MONITOR_TYPE, problems);
        Scope scope = s.choice("scope", Scope.class);
        NodeAddress machine = machine(s);
        if (scope == Scope.POOL_WIDE && !s.has("machine") && s.mapping() != null) {
            needs(s, "scope", "a pool-wide monitor needs the key 'machine': what it looks at");
        } else if (scope == Scope.PER_NODE && s.has("machine")) {
            problems.warning(
                    s.place("machine"),
                    s.path("machine"),
                    ProblemCode.NO_EFFECT,
                    s.path("machine")
                            + " has no effect: the monitor looks at each node, unless scope is"
                            + " pool-wide");
        }
        return new MonitorConfig(
                name,
                scope,
                machine,
                s.time("delay"),
                s.time("timeout"),
                s.count("failures"),
                s.flag("back-off"),
                s.flag("verbose"),
                probe(s),
                s.textOrNull("note"));
    }

    private Probe probe(Section s) {
        return switch (s.word("type")) {
            case "ping" -> new Ping();
            case "connect" -> new Connect();
            case "http" ->
                    new Http(
                            s.text("path"),
                            s.textOrNull("host-header"),
                            s.secretOrNull("authentication"),
                            s.text("status-regex"),
                            s.textOrNull("body-regex"),
                            s.flag("use-ssl"));
            case "tcp-transaction" ->
                    new TcpTransaction(
                            s.textOrNull("write-string"),
                            s.text("response-regex"),
                            s.textOrNull("close-string"),
                            (int) s.size("max-response-length"),
                            s.flag("use-ssl"));
            case "program" -> program(s);
            case "dns" ->
                    new Dns(
                            s.text("query-name"),
                            s.choice("query-type", Dns.QueryType.class),
                            s.choice("expect", Dns.Expect.class));
            default -> throw new IllegalStateException("the type is not bound: " + s.word("type"));
        };
    }

    private Program program(Section s) {
        String program = s.textOrNull("program");
        if (program == null && !s.has("program")) {
            needs(s, "type", "a monitor of the type program needs the key 'program': what to run");
        }
        return new Program(program == null ? "" : programs.of(s, program), s.texts("arguments"));
    }

    private static @Nullable NodeAddress machine(Section s) {
        if (!(s.node("machine") instanceof Scalar scalar)) {
            return null;
        }
        try {
            return Addresses.node(scalar.text(), 0);
        } catch (Malformed e) {
            throw new IllegalStateException("the structure was not checked", e);
        }
    }

    private void needs(Section s, String key, String message) {
        problems.error(
                s.place(key), s.path(key), ProblemCode.NEEDS_OTHER_KEY, s.path() + ": " + message);
    }
}
