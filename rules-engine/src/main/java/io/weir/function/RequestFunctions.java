package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.config.Priority;
import io.weir.http.FieldName;
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

    @RuleFunction("Header fields of the request.")
    public final HeaderFunctions headers;

    private final CurrentRun run;
    private final HttpFunctions http;
    private final HeldData held;
    private final Wishing toNode;

    RequestFunctions(CurrentRun run, HttpFunctions http, HeldData held) {
        this.run = run;
        this.http = http;
        this.headers = new HeaderFunctions(run, () -> run.http().request());
        this.toNode = new Wishing(run, true);
        this.held = held;
    }

    static String ip(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String text = ip == null ? address.getHostString() : ip.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    @RuleFunction(
            value = "The body of the request, decoded, as a Uint8Array. Waits for it.",
            suspends = true)
    public byte[] bytes() {
        return Bytes.of(http.getBody(0));
    }

    @RuleFunction(
            value = "The body of the request, decoded, as characters in UTF-8. Waits for it.",
            suspends = true)
    public String text() {
        return Bytes.unicode(http.getBody(0));
    }

    @RuleFunction(
            value = "Replaces the body of the request by a Uint8Array; its length follows.",
            suspends = true)
    public void setBytes(@Nullable String bytes) {
        http.setBody(bytes);
    }

    @RuleFunction(
            value = "Replaces the body of the request by a text, which is sent as UTF-8.",
            suspends = true)
    public void setText(@Nullable String text) {
        http.setBody(Bytes.utf8(text));
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

    // ---- what is wanted for this request alone

    @RuleFunction(
            "Leaves out a node, host or host:port, as long as there is another one for the"
                    + " request.")
    public void avoidNode(@Nullable String node) {
        toNode.wishes().avoid(orEmpty(node));
    }

    @RuleFunction("The bandwidth class that a rule has set towards the node; empty if none has.")
    public String getBandwidthClass() {
        return toNode.bandwidthClass();
    }

    @RuleFunction(
            "Lets what the node is sent share a bandwidth class until the exchange is over; 0 when"
                    + " there is no such class. Without effect where a connection is shared"
                    + " (HTTP/2).")
    public int setBandwidthClass(@Nullable String name) {
        return toNode.bandwidthClass(name);
    }

    @RuleFunction("The code point that a rule has set towards the node.")
    public int getDSCP() {
        return toNode.dscp();
    }

    @RuleFunction("Marks what the node is sent with a code point from 0 to 63 (RFC 2474).")
    public void setDSCP(int codePoint) {
        toNode.dscp(codePoint);
    }

    @RuleFunction("Old form of request.getDSCP: LOWDELAY, THROUGHPUT, RELIABILITY or NONE.")
    public String getToS() {
        return toNode.typeOfService();
    }

    @RuleFunction("Old form of request.setDSCP.")
    public void setToS(@Nullable String type) {
        toNode.typeOfService(type);
    }

    @RuleFunction("How many seconds the exchange may take; 0 for any time.")
    public double getMaxTransactionDuration() {
        return run.http().maxDuration().toMillis() / 1000.0;
    }

    @RuleFunction("How many seconds the exchange may take, counted from its begin; 0 for any time.")
    public void setMaxTransactionDuration(Any seconds) {
        run.http().maxDuration(Wishing.seconds(seconds));
    }

    @RuleFunction("Says whether the request may be sent to a node again.")
    public void setIdempotent(int idempotent) {
        toNode.wishes().idempotent(idempotent != 0);
    }

    @RuleFunction("How many different nodes the request may try; 0 for all.")
    public void setMaxConnectionAttempts(int most) {
        toNode.wishes().maxAttempts(Math.max(most, 0));
    }

    @RuleFunction("How many nodes may run into the reply time; 0 for all.")
    public void setMaxTimedOutConnectionAttempts(int most) {
        toNode.wishes().maxTimedOutAttempts(Math.max(most, 0));
    }

    @RuleFunction("How many seconds a node may take to the start of its answer; 0 for any time.")
    public void setMaxReplyTime(Any seconds) {
        toNode.wishes().maxReplyTime(Wishing.seconds(seconds));
    }

    @RuleFunction(
            "How many seconds the client's connection may be still during the exchange; 0 for any"
                    + " time.")
    public void setVirtualServerTimeout(Any seconds) {
        toNode.wishes().idleTime(Wishing.seconds(seconds));
    }

    @RuleFunction(
            "Takes another address for the client's: for rules, sessions by address, the hash of"
                    + " balancers, the access log, and X-Cluster-Client-Ip if the request has it.")
    public void setRemoteIP(@Nullable String ip) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(orEmpty(ip).strip());
        } catch (IllegalArgumentException e) {
            throw new RuleErrorException("'" + ip + "' is no IP address");
        }
        InetSocketAddress before = run.side().clientAddress();
        toNode.wishes().clientAddress(new InetSocketAddress(address, before.getPort()));
        if (run.side() instanceof HttpSide http
                && http.state() == RuleState.REQUEST
                && http.request().contains(FieldName.X_CLUSTER_CLIENT_IP)) {
            http.request().set(FieldName.X_CLUSTER_CLIENT_IP, address.getHostAddress());
        }
    }

    @RuleFunction("Old name of requestlog.markedForInclusion.")
    public int getLogEnabled() {
        return run.side().logged() ? 1 : 0;
    }

    @RuleFunction("Old form of requestlog.include and requestlog.exclude.")
    public void setLogEnabled(int enabled) {
        run.side().logged(enabled != 0);
    }
}
