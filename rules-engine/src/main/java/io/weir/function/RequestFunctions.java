package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Functions {@code request.*}. */
public final class RequestFunctions {

    private final CurrentRun run;

    RequestFunctions(CurrentRun run) {
        this.run = run;
    }

    static String ip(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String text = ip == null ? address.getHostString() : ip.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    @RuleFunction("The address that the client connected to.")
    public String getLocalIP() {
        return ip(run.side().localAddress());
    }

    @RuleFunction("The port that the client connected to.")
    public int getLocalPort() {
        return run.side().localAddress().getPort();
    }

    @RuleFunction("The address that the client connected to.")
    public String getDestIP() {
        return getLocalIP();
    }

    @RuleFunction("The port that the client connected to.")
    public int getDestPort() {
        return getLocalPort();
    }

    @RuleFunction("The client's address.")
    public String getRemoteIP() {
        return ip(run.side().clientAddress());
    }

    @RuleFunction("The client's port.")
    public int getRemotePort() {
        return run.side().clientAddress().getPort();
    }

    @RuleFunction("How often the request has been sent to another node.")
    public int getRetries() {
        return run.side().retries();
    }

    @RuleFunction("Whether the request may be sent to a node again.")
    public int isResendable() {
        return run.side().resendable() ? 1 : 0;
    }

    @RuleFunction("Sends the request to another node; 0 when that cannot be. In response rules.")
    public int retry() {
        if (run.side().state() != RuleState.RESPONSE || !run.side().resendable()) {
            return 0;
        }
        run.finish(RuleOutcome.RETRY);
        return 0;
    }

    @RuleFunction(value = "The body of the request as it came.", suspends = true)
    public String get() {
        byte[] body = run.side().requestBody();
        if (body == null && run.side().state() == RuleState.REQUEST) {
            var side = run.side();
            long limit = run.world().limits().bodyLimit();
            run.await("request.get", done -> side.awaitRequestBody(limit, () -> done.accept(null)));
            body = run.side().requestBody();
        }
        run.settle();
        if (body == null) {
            throw new RuleErrorException("the body of the request is too long, or sent on already");
        }
        return Bytes.text(body);
    }

    @RuleFunction(value = "The first count bytes of the body.", suspends = true)
    public String get(int count) {
        String body = get();
        return count > 0 && body.length() > count ? body.substring(0, count) : body;
    }

    @RuleFunction(value = "How many bytes the body of the request has.", suspends = true)
    public int getLength() {
        return get().length();
    }

    @RuleFunction(value = "Replaces the body of the request.", suspends = true)
    public void set(@Nullable String body) {
        get();
        run.side().requestBody(Bytes.of(orEmpty(body)));
    }
}
