package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.rule.RuleOutcome;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Functions {@code connection.*}. */
public final class ConnectionFunctions {

    private static final Set<String> CLIENT =
            Set.of("BAD_REQUEST", "CONNECTION_CLOSED_CLIENT", "TIMEOUT_CONNECT_CLIENT");
    private static final Set<String> SERVER =
            Set.of("NODE_LOST", "TIMEOUT_CONNECT_SERVER", "BAD_RESPONSE", "TIMEOUT");

    @RuleFunction("A store for the time of the client connection.")
    public final ConnectionData data;

    private final CurrentRun run;
    private final Waiting waiting;

    ConnectionFunctions(CurrentRun run, Waiting waiting) {
        this.run = run;
        this.waiting = waiting;
        this.data = new ConnectionData(run);
    }

    @RuleFunction("Cuts the connection at once, without an answer.")
    public void discard() {
        run.finish(RuleOutcome.DISCARD);
    }

    @RuleFunction("Cuts the connection; data cannot be sent in front of it over HTTP.")
    public void close(@Nullable String data) {
        run.finish(RuleOutcome.DISCARD);
    }

    @RuleFunction(value = "Waits that many milliseconds.", suspends = true)
    public void sleep(Any milliseconds) {
        long millis = Math.clamp(Numbers.whole(milliseconds.value()), 0, 3_600_000);
        run.await("connection.sleep", done -> waiting.after(millis, () -> done.accept(null)));
    }

    @RuleFunction("The node chosen last, host:port; empty before one was.")
    public String getNode() {
        return orEmpty(run.side().node());
    }

    @RuleFunction("The pool that the request goes to.")
    public String getPool() {
        return run.side().pool().name();
    }

    @RuleFunction("The virtual server.")
    public String getVirtualServer() {
        return run.side().virtualServer();
    }

    @RuleFunction("How the exchange ended: COMPLETE or a word for what went wrong.")
    public String getCompletionReasonCode() {
        return run.side().completionReason();
    }

    @RuleFunction("How the exchange ended, with what kind of ending that is.")
    public Map<String, Object> getCompletionReasonInfo() {
        String code = run.side().completionReason();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("code", code);
        info.put("message", code.toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
        info.put("iserror", code.equals("COMPLETE") ? 0 : 1);
        info.put("isservererror", SERVER.contains(code) ? 1 : 0);
        info.put("isclienterror", CLIENT.contains(code) ? 1 : 0);
        info.put("istimeout", code.startsWith("TIMEOUT") ? 1 : 0);
        info.put("isprocessingtimeout", code.startsWith("TIMEOUT_PROCESSING") ? 1 : 0);
        return info;
    }

    @RuleFunction("Old name of request.getRemoteIP.")
    public String getRemoteIP() {
        return RequestFunctions.ip(run.side().clientAddress());
    }

    @RuleFunction("Old name of request.getRemotePort.")
    public int getRemotePort() {
        return run.side().clientAddress().getPort();
    }

    @RuleFunction("Old name of request.getLocalIP.")
    public String getLocalIP() {
        return RequestFunctions.ip(run.side().localAddress());
    }

    @RuleFunction("Old name of request.getLocalPort.")
    public int getLocalPort() {
        return run.side().localAddress().getPort();
    }
}
