package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.event.EventTag;
import io.weir.pool.Pool;
import io.weir.pool.PoolView;
import io.weir.rule.CarriedSide;
import io.weir.rule.RuleOutcome;
import io.weir.slm.ServiceLevel;

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
    private final RequestFunctions request;
    private final Wishing toClient;

    ConnectionFunctions(CurrentRun run, Waiting waiting, RequestFunctions request) {
        this.run = run;
        this.request = request;
        this.toClient = new Wishing(run, false);
        this.waiting = waiting;
        this.data = new ConnectionData(run);
    }

    @RuleFunction(value = "Cuts the connection at once, without an answer.", ends = true)
    public void discard() {
        run.over(RuleOutcome.DISCARD);
    }

    @RuleFunction
    public void close(@Nullable String last) {
        run.finish(
                run.carried() == null
                        ? RuleOutcome.DISCARD
                        : new RuleOutcome.Close(Bytes.of(last)));
    }

    @RuleFunction(
            "Sends data to the client and closes the connection; over HTTP it is cut without the"
                    + " data, which belong to no message there.")
    public void close(@Nullable String data, int read) {
        close(data);
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

    // ---- persistence

    @RuleFunction("The persistence class in force; empty without one.")
    public String getPersistence() {
        return orEmpty(run.side().persistence());
    }

    @RuleFunction
    public int setPersistence() {
        return setPersistence("");
    }

    @RuleFunction(
            "Puts a persistence class in the place of the pool's, or none; 0 when there is no class"
                    + " of that name.")
    public int setPersistence(@Nullable String name) {
        if (run.side().persistence(orEmpty(name))) {
            return 1;
        }
        run.event(
                EventTag.RULENOPERSISTENCE,
                "rule "
                        + run.rule()
                        + " chose the persistence class '"
                        + name
                        + "', which is not there");
        return 0;
    }

    @RuleFunction("Older name of connection.setPersistence.")
    public int setPersistenceClass(@Nullable String name) {
        return setPersistence(name);
    }

    @RuleFunction(
            "The key by which a universal class knows the session; for a named class, the node.")
    public void setPersistenceKey(@Nullable String key) {
        run.side().persistenceKey(orEmpty(key));
    }

    @RuleFunction("The node, host or host:port, that a named class sends the session to.")
    public void setPersistenceNode(@Nullable String node) {
        run.side().persistenceNode(orEmpty(node));
    }

    // ---- service levels

    @RuleFunction("The service level class of the request; empty without one.")
    public String getServiceLevelClass() {
        ServiceLevel level = run.http().serviceLevel();
        return level == null ? "" : level.name();
    }

    @RuleFunction(
            "Counts the request with another service level class, or with none; 0 when there is no"
                    + " class of that name.")
    public int setServiceLevelClass(@Nullable String name) {
        ServiceLevel level = run.world().serviceLevel(orEmpty(name));
        if (level == null && !orEmpty(name).isEmpty()) {
            return 0;
        }
        run.http().serviceLevel(level);
        return 1;
    }

    // ---- old names

    @RuleFunction(suspends = true)
    public String getData() {
        return request.get();
    }

    @RuleFunction(value = "Old name of request.get.", suspends = true)
    public String getData(int count) {
        return request.get(count);
    }

    @RuleFunction(value = "Old name of request.getLength.", suspends = true)
    public int getDataLen() {
        return request.getLength();
    }

    @RuleFunction(suspends = true)
    public String getLine() {
        return request.getLine();
    }

    @RuleFunction(value = "Old name of request.getLine.", suspends = true)
    public String getLine(@Nullable String regex, int offset) {
        return request.getLine(regex, offset);
    }

    @RuleFunction(value = "Old name of request.set.", suspends = true)
    public void setData(@Nullable String bytes) {
        request.set(bytes);
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

    @RuleFunction("Old name of response.getBandwidthClass.")
    public String getBandwidthClass() {
        return toClient.bandwidthClass();
    }

    @RuleFunction("Old name of response.setBandwidthClass.")
    public int setBandwidthClass(@Nullable String name) {
        return toClient.bandwidthClass(name);
    }

    @RuleFunction("Old name of request.setIdempotent.")
    public void setIdempotent(int idempotent) {
        request.setIdempotent(idempotent);
    }

    @RuleFunction
    public int checkLimits() {
        return room(run.side().pool());
    }

    @RuleFunction(
            "Whether the pool has a node with room: 1, or 0 when a request would have to wait for"
                    + " one, -1 when there is no such pool.")
    public int checkLimits(@Nullable String pool) {
        run.side();
        Pool known = run.world().pool(orEmpty(pool));
        return known == null ? -1 : room(known);
    }

    private static int room(Pool pool) {
        PoolView view = pool.view();
        int limit = view.limit();
        return limit <= 0
                        || view.entries().stream()
                                .anyMatch(
                                        entry ->
                                                entry.status().accepts(false)
                                                        && entry.node().inFlight() < limit)
                ? 1
                : 0;
    }

    @RuleFunction("Bytes of bodies and data that are held for the connection at the moment.")
    public int getMemoryUsage() {
        CarriedSide carried = run.carried();
        if (carried == null) {
            return run.http().heldBytes();
        }
        CarriedSide.Held response = carried.response();
        return carried.request().length() + (response == null ? 0 : response.length());
    }
}
