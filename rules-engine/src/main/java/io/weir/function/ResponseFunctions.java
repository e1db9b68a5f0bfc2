package io.weir.function;

import org.jspecify.annotations.Nullable;

/** Functions {@code response.*}. */
public final class ResponseFunctions {

    private final CurrentRun run;
    private final HttpFunctions http;

    ResponseFunctions(CurrentRun run, HttpFunctions http) {
        this.run = run;
        this.http = http;
    }

    @RuleFunction(value = "The body of the response.", suspends = true)
    public String get() {
        return http.getResponseBody(0);
    }

    @RuleFunction(value = "The first count bytes of the response's body.", suspends = true)
    public String get(int count) {
        return http.getResponseBody(count);
    }

    @RuleFunction(value = "How many bytes the body of the response has.", suspends = true)
    public int getLength() {
        return http.getResponseBody(0).length();
    }

    @RuleFunction("Replaces the body of the response.")
    public void set(@Nullable String body) {
        http.setResponseBody(body);
    }

    @RuleFunction(value = "Adds to the end of the response's body.", suspends = true)
    public void append(@Nullable String more) {
        http.setResponseBody(http.getResponseBody(0) + Bytes.text(Bytes.of(more)));
    }

    @RuleFunction("The node's address.")
    public String getRemoteIP() {
        return HostPort.of(run.side().node())[0];
    }

    @RuleFunction("The node's port.")
    public int getRemotePort() {
        return (int) Numbers.whole(HostPort.of(run.side().node())[1]);
    }
}
