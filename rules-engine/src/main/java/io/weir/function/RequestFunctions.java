package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.config.Priority;
import io.weir.rule.CarriedSide;
import io.weir.rule.CarriedSide.Held;
import io.weir.rule.HttpSide;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Functions {@code request.*}. */
public final class RequestFunctions {

    private final CurrentRun run;
    private final HeldData held;

    RequestFunctions(CurrentRun run, HeldData held) {
        this.run = run;
        this.held = held;
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

    @RuleFunction("What the request is to a pool that is overloaded: low, normal or high.")
    public String getPriority() {
        return run.http().priority().name().toLowerCase(Locale.ROOT);
    }

    @RuleFunction(
            "Says which requests an overloaded pool refuses first: low, normal or high; 0 when it"
                    + " is another word. In request rules.")
    public int setPriority(@Nullable String priority) {
        String word = orEmpty(priority).toUpperCase(Locale.ROOT);
        for (Priority each : Priority.values()) {
            if (each.name().equals(word)) {
                run.http().priority(each);
                return 1;
            }
        }
        return 0;
    }

    @RuleFunction("Sends the request to another node; 0 when that cannot be. In response rules.")
    public int retry() {
        if (run.side().state() != RuleState.RESPONSE || !run.side().resendable()) {
            return 0;
        }
        run.finish(RuleOutcome.RETRY);
        return 0;
    }

    // ---- what the client has sent: the body of an HTTP request, or the bytes of a stream

    private byte[] body() {
        HttpSide side = run.http();
        byte[] body = side.requestBody();
        if (body == null && side.state() == RuleState.REQUEST) {
            long limit = run.world().limits().bodyLimit();
            run.await("request.get", done -> side.awaitRequestBody(limit, () -> done.accept(null)));
            body = side.requestBody();
        }
        run.settle();
        if (body == null) {
            throw new RuleErrorException("the body of the request is too long, or sent on already");
        }
        return body;
    }

    private static Held unsent(CarriedSide side) {
        if (side.state() == RuleState.COMPLETION) {
            throw new RuleErrorException("all that the client sent has gone on already");
        }
        return side.request();
    }

    private Held needed(String function) {
        CarriedSide side = run.carried();
        if (side == null) {
            throw new RuleErrorException(function + " is for services that are not HTTP");
        }
        return unsent(side);
    }

    @RuleFunction(suspends = true)
    public String get() {
        return get(0);
    }

    @RuleFunction(
            value =
                    "The first count bytes that the client has sent, which stay where they are;"
                            + " waits for them. Without count what has come, over HTTP the body.",
            suspends = true)
    public String get(int count) {
        CarriedSide side = run.carried();
        if (side != null) {
            return held.get("request.get", unsent(side), count);
        }
        String body = Bytes.text(body());
        return count > 0 && body.length() > count ? body.substring(0, count) : body;
    }

    @RuleFunction(
            value = "How many bytes the client has sent; over HTTP the length of the whole body.",
            suspends = true)
    public int getLength() {
        CarriedSide side = run.carried();
        return side != null ? unsent(side).length() : body().length;
    }

    @RuleFunction(suspends = true)
    public String getLine() {
        return getLine("\n", 0);
    }

    @RuleFunction(suspends = true)
    public String getLine(@Nullable String regex) {
        return getLine(regex, 0);
    }

    @RuleFunction(
            value =
                    "What the client has sent from offset to the end of the first match of regex,"
                            + " which is a line end if it is left out; waits for it. $1 becomes the"
                            + " offset behind it.",
            suspends = true)
    public String getLine(@Nullable String regex, int offset) {
        CarriedSide side = run.carried();
        return side != null
                ? held.line("request.getLine", unsent(side), regex, offset)
                : held.line(Bytes.text(body()), regex, offset);
    }

    @RuleFunction(
            value = "Puts other bytes in the place of what the client has sent.",
            suspends = true)
    public void set(@Nullable String data) {
        CarriedSide side = run.carried();
        if (side != null) {
            unsent(side).replace(Bytes.of(data));
            return;
        }
        body();
        run.http().requestBody(Bytes.of(orEmpty(data)));
    }

    @RuleFunction(
            value = "Takes the first count bytes out of what the client has sent.",
            suspends = true)
    public void skip(int count) {
        Held bytes = needed("request.skip");
        String all = held.get("request.skip", bytes, count);
        byte[] rest = bytes.bytes();
        int from = Math.clamp(all.length(), 0, rest.length);
        bytes.replace(java.util.Arrays.copyOfRange(rest, from, rest.length));
    }

    @RuleFunction(
            value =
                    "Says that the request ends behind offset bytes, waits for them and returns"
                            + " them. What follows goes on when the node has answered.",
            suspends = true)
    public String endsAt(int offset) {
        Held bytes = needed("request.endsAt");
        String request = held.get("request.endsAt", bytes, offset);
        bytes.endAt(offset);
        return request;
    }

    @RuleFunction(
            value =
                    "Says that the request ends behind the first match of regex, waits for it and"
                            + " returns the request.",
            suspends = true)
    public String endsWith(@Nullable String regex) {
        Held bytes = needed("request.endsWith");
        String request = held.line("request.endsWith", bytes, regex, 0);
        bytes.endAt(request.length());
        return request;
    }

    @RuleFunction(
            "Answers the client with these bytes when the rules of the list are over, and drops"
                    + " what it sent. For services that are not HTTP.")
    public void sendResponse(@Nullable String data) {
        CarriedSide side = run.carried();
        if (side == null) {
            throw new RuleErrorException("over HTTP it is http.sendResponse");
        }
        side.answer(Bytes.of(data));
    }
}
