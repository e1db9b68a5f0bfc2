package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.function.Calls.Reply;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Functions {@code http.request.*}: each returns the body of the answer, and sets {@code $1} to the
 * status (0 when there was no answer), {@code $2} to the type or the error, {@code $3} to the
 * header fields and {@code $4} to the status line.
 */
public final class HttpCallFunctions {

    private static final int SECONDS = 30;
    private static final int MAX_SECONDS = 300;

    private final CurrentRun run;
    private final Calls calls;

    HttpCallFunctions(CurrentRun run, Calls calls) {
        this.run = run;
        this.calls = calls;
    }

    private String call(
            String method,
            @Nullable String url,
            @Nullable String body,
            @Nullable String fields,
            int seconds) {
        String function = "http.request." + method.toLowerCase(java.util.Locale.ROOT);
        return call(function, method, url, body, fields, "", seconds);
    }

    private String call(
            String function,
            String method,
            @Nullable String url,
            @Nullable String body,
            @Nullable String fields,
            @Nullable String authorities,
            int seconds) {
        int millis = 1000 * Math.clamp(seconds, 1, MAX_SECONDS);
        Object result =
                run.await(
                        function,
                        done ->
                                calls.waiting()
                                        .blocking(
                                                () ->
                                                        done.accept(
                                                                answer(
                                                                        method,
                                                                        orEmpty(url),
                                                                        orEmpty(fields),
                                                                        Bytes.of(body),
                                                                        orEmpty(authorities),
                                                                        millis))));
        if (result instanceof Reply reply) {
            run.group(1, Integer.toString(reply.status()));
            run.group(2, reply.type());
            run.group(3, reply.fields());
            run.group(4, reply.statusLine());
            return reply.body();
        }
        run.group(1, "0");
        run.group(2, String.valueOf(result));
        run.group(3, "");
        run.group(4, "");
        return "";
    }

    private Object answer(
            String method, String url, String fields, byte[] body, String authorities, int millis) {
        try {
            return calls.call(method, url, fields, body, authorities, millis);
        } catch (IOException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @RuleFunction(suspends = true)
    public String get(@Nullable String url) {
        return call("GET", url, "", "", SECONDS);
    }

    @RuleFunction(suspends = true)
    public String get(@Nullable String url, @Nullable String fields) {
        return call("GET", url, "", fields, SECONDS);
    }

    @RuleFunction(value = "GETs a URL, with header lines and a limit in seconds.", suspends = true)
    public String get(@Nullable String url, @Nullable String fields, int seconds) {
        return call("GET", url, "", fields, seconds);
    }

    @RuleFunction(suspends = true)
    public String head(@Nullable String url) {
        return call("HEAD", url, "", "", SECONDS);
    }

    @RuleFunction(value = "Asks for the head of what a URL would answer.", suspends = true)
    public String head(@Nullable String url, @Nullable String fields, int seconds) {
        return call("HEAD", url, "", fields, seconds);
    }

    @RuleFunction(suspends = true)
    public String delete(@Nullable String url) {
        return call("DELETE", url, "", "", SECONDS);
    }

    @RuleFunction(value = "DELETEs a URL.", suspends = true)
    public String delete(@Nullable String url, @Nullable String fields, int seconds) {
        return call("DELETE", url, "", fields, seconds);
    }

    @RuleFunction(suspends = true)
    public String post(@Nullable String url, @Nullable String data) {
        return call("POST", url, data, "", SECONDS);
    }

    @RuleFunction(suspends = true)
    public String post(@Nullable String url, @Nullable String data, @Nullable String fields) {
        return call("POST", url, data, fields, SECONDS);
    }

    @RuleFunction(value = "POSTs data to a URL.", suspends = true)
    public String post(
            @Nullable String url, @Nullable String data, @Nullable String fields, int seconds) {
        return call("POST", url, data, fields, seconds);
    }

    @RuleFunction(suspends = true)
    public String put(@Nullable String url, @Nullable String data) {
        return call("PUT", url, data, "", SECONDS);
    }

    @RuleFunction(value = "PUTs data to a URL.", suspends = true)
    public String put(
            @Nullable String url, @Nullable String data, @Nullable String fields, int seconds) {
        return call("PUT", url, data, fields, seconds);
    }

    @RuleFunction(suspends = true)
    public String ssl_get(@Nullable String url) {
        return secured(url, "", "", SECONDS);
    }

    @RuleFunction(suspends = true)
    public String ssl_get(@Nullable String url, @Nullable String authorities) {
        return secured(url, authorities, "", SECONDS);
    }

    @RuleFunction(
            value =
                    "GETs an https URL whose server has a certificate of one of the authorities,"
                            + " which are PEM; of those of the system if they are left out.",
            suspends = true)
    public String ssl_get(
            @Nullable String url,
            @Nullable String authorities,
            @Nullable String fields,
            int seconds) {
        return secured(url, authorities, fields, seconds);
    }

    private String secured(
            @Nullable String url,
            @Nullable String authorities,
            @Nullable String fields,
            int seconds) {
        if (!orEmpty(url).regionMatches(true, 0, "https:", 0, 6)) {
            throw new RuleErrorException("'" + url + "' is no https URL");
        }
        return call("http.request.ssl.get", "GET", url, "", fields, authorities, seconds);
    }
}
