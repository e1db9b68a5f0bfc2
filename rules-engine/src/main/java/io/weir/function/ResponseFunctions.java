package io.weir.function;

import io.weir.rule.CarriedSide;
import io.weir.rule.CarriedSide.Held;
import io.weir.rule.RuleOutcome;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/** Functions {@code response.*}. */
public final class ResponseFunctions {

    @RuleFunction("Header fields of the response.")
    public final HeaderFunctions headers;

    private final CurrentRun run;
    private final HttpFunctions http;
    private final HeldData held;
    private final Wishing toClient;

    ResponseFunctions(CurrentRun run, HttpFunctions http, HeldData held) {
        this.run = run;
        this.http = http;
        this.headers = new HeaderFunctions(run, http::response);
        this.toClient = new Wishing(run, false);
        this.held = held;
    }

    /** What the node has sent; null where the service is HTTP. */
    private @Nullable Held unsent() {
        CarriedSide side = run.carried();
        if (side == null) {
            return null;
        }
        Held response = side.response();
        if (response == null) {
            throw new RuleErrorException("there is no response yet");
        }
        return response;
    }

    @RuleFunction(
            value = "The body of the response, decoded, as a Uint8Array. Waits for it.",
            suspends = true)
    public byte[] bytes() {
        return Bytes.of(http.getResponseBody(0));
    }

    @RuleFunction(
            value = "The body of the response, decoded, as characters in UTF-8. Waits for it.",
            suspends = true)
    public String text() {
        return Bytes.unicode(http.getResponseBody(0));
    }

    @RuleFunction("Replaces the body of the response by a Uint8Array; its length follows.")
    public void setBytes(@Nullable String bytes) {
        http.setResponseBody(bytes);
    }

    @RuleFunction("Replaces the body of the response by a text, which is sent as UTF-8.")
    public void setText(@Nullable String text) {
        http.setResponseBody(Bytes.utf8(text));
    }

    @RuleFunction(suspends = true)
    public String get() {
        return get(0);
    }

    @RuleFunction(
            value =
                    "The first count bytes that the node has sent; waits for them. Without count"
                            + " what has come, over HTTP the body.",
            suspends = true)
    public String get(int count) {
        Held bytes = unsent();
        return bytes == null ? http.getResponseBody(count) : held.get("response.get", bytes, count);
    }

    @RuleFunction(
            value = "How many bytes the node has sent; over HTTP the length of the whole body.",
            suspends = true)
    public int getLength() {
        Held bytes = unsent();
        return bytes == null ? http.getResponseBody(0).length() : bytes.length();
    }

    @RuleFunction(suspends = true)
    public String getLine() {
        return getLine("\n", 0);
    }

    @RuleFunction(suspends = true)
    public String getLine(@Nullable String regex) {
        return getLine(regex, 0);
    }

    @RuleFunction(value = "Like request.getLine, in what the node has sent.", suspends = true)
    public String getLine(@Nullable String regex, int offset) {
        Held bytes = unsent();
        return bytes == null
                ? held.line(http.getResponseBody(0), regex, offset)
                : held.line("response.getLine", bytes, regex, offset);
    }

    @RuleFunction("Puts other bytes in the place of what the node has sent.")
    public void set(@Nullable String data) {
        Held bytes = unsent();
        if (bytes == null) {
            http.setResponseBody(data);
        } else {
            bytes.replace(Bytes.of(data));
        }
    }

    @RuleFunction(value = "Adds to the end of what the node has sent.", suspends = true)
    public void append(@Nullable String more) {
        Held bytes = unsent();
        String added = Bytes.text(Bytes.of(more));
        if (bytes == null) {
            http.setResponseBody(http.getResponseBody(0) + added);
        } else {
            bytes.replace(Bytes.of(Bytes.text(bytes.bytes()) + added));
        }
    }

    @RuleFunction
    public void flush() {
        flush(Integer.MAX_VALUE);
    }

    @RuleFunction(
            "Lets the client have the first count bytes that the node has sent, or all of them,"
                    + " while the rule goes on. For TCP services.")
    public void flush(int count) {
        CarriedSide side = run.carried();
        if (unsent() == null || side == null) {
            throw new RuleErrorException(
                    "response.flush is for services that are not HTTP; there is"
                            + " http.stream.writeResponse");
        }
        side.flush(Math.max(0, count));
    }

    @RuleFunction("The node's address.")
    public String getRemoteIP() {
        return HostPort.of(run.side().node())[0];
    }

    @RuleFunction("The node's port.")
    public int getRemotePort() {
        return (int) Numbers.whole(HostPort.of(run.side().node())[1]);
    }

    @RuleFunction("Our address of the connection to the node; empty without one.")
    public String getLocalIP() {
        InetSocketAddress address = run.side().addressTowardsNode();
        return address == null ? "" : RequestFunctions.ip(address);
    }

    @RuleFunction("Our port of the connection to the node; 0 without one.")
    public int getLocalPort() {
        InetSocketAddress address = run.side().addressTowardsNode();
        return address == null ? 0 : address.getPort();
    }

    @RuleFunction("The bandwidth class that a rule has set towards the client; empty if none has.")
    public String getBandwidthClass() {
        return toClient.bandwidthClass();
    }

    @RuleFunction(
            "Lets what the client is sent share a bandwidth class until the exchange is over; 0"
                    + " when there is no such class. Without effect where a connection is shared"
                    + " (HTTP/2).")
    public int setBandwidthClass(@Nullable String name) {
        return toClient.bandwidthClass(name);
    }

    @RuleFunction("The code point that a rule has set towards the client.")
    public int getDSCP() {
        return toClient.dscp();
    }

    @RuleFunction("Marks what the client is sent with a code point from 0 to 63 (RFC 2474).")
    public void setDSCP(int codePoint) {
        toClient.dscp(codePoint);
    }

    @RuleFunction("Old form of response.getDSCP: LOWDELAY, THROUGHPUT, RELIABILITY or NONE.")
    public String getToS() {
        return toClient.typeOfService();
    }

    @RuleFunction("Old form of response.setDSCP.")
    public void setToS(@Nullable String type) {
        toClient.typeOfService(type);
    }

    @RuleFunction(
            "Closes the connection to the node; the client gets what the node has sent, and its"
                    + " connection is closed. For services that are not HTTP.")
    public void close() {
        Held bytes = unsent();
        if (bytes == null) {
            throw new RuleErrorException(
                    "response.close is for services that are not HTTP; there is"
                            + " connection.discard");
        }
        run.finish(new RuleOutcome.Close(bytes.bytes()));
    }
}
