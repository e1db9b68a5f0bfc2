package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.http.FieldName;
import io.weir.http.ResponseHead;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Functions {@code http.*} that look at the answer, change it, or make one. */
public class HttpResponseFunctions extends HttpRequestFunctions {

    HttpResponseFunctions(CurrentRun run) {
        super(run);
    }

    ResponseHead response() {
        ResponseHead head = run.http().response();
        if (head == null) {
            throw new RuleErrorException("there is no response yet");
        }
        return head;
    }

    @RuleFunction("Status line and header fields of the response.")
    public String getResponse() {
        ResponseHead head = response();
        return "HTTP/1.1 " + head.status() + "\r\n" + Fields.lines(head);
    }

    @RuleFunction("The status code; 0 before there is a response.")
    public int getResponseCode() {
        ResponseHead head = run.http().response();
        return head == null ? 0 : head.status();
    }

    @RuleFunction
    public void setResponseCode(int code) {
        setResponseCode(code, Reasons.of(code));
    }

    @RuleFunction("Sets the status code and its phrase.")
    public void setResponseCode(int code, @Nullable String reason) {
        response().setStatus(checked(code), phrase(reason));
    }

    private static int checked(int code) {
        if (code < 200 || code > 599) {
            throw new RuleErrorException(code + " is no status of a final response");
        }
        return code;
    }

    private static String phrase(@Nullable String reason) {
        return orEmpty(reason).replaceAll("[\\x00-\\x1f\\x7f]", " ");
    }

    @RuleFunction("The version of HTTP that the node speaks.")
    public String getResponseVersion() {
        return response().http10() ? "HTTP/1.0" : "HTTP/1.1";
    }

    @RuleFunction("The value of a header field of the response; empty without one.")
    public String getResponseHeader(@Nullable String name) {
        return orEmpty(run.fields().get(response(), orEmpty(name)));
    }

    @RuleFunction("Makes value the only one of a header field of the response.")
    public void setResponseHeader(@Nullable String name, @Nullable String value) {
        run.fields().set(response(), orEmpty(name), orEmpty(value));
    }

    @RuleFunction("Adds a header field to the response.")
    public void addResponseHeader(@Nullable String name, @Nullable String value) {
        run.fields().add(response(), orEmpty(name), orEmpty(value));
    }

    @RuleFunction("Removes a header field of the response.")
    public void removeResponseHeader(@Nullable String name) {
        run.fields().remove(response(), orEmpty(name));
    }

    @RuleFunction("Whether the response has a header field.")
    public int responseHeaderExists(@Nullable String name) {
        return run.fields().get(response(), orEmpty(name)) == null ? 0 : 1;
    }

    @RuleFunction("The names of the header fields of the response, each once.")
    public List<String> listResponseHeaderNames() {
        return Fields.names(response());
    }

    @RuleFunction("Old name of http.listResponseHeaderNames: the names, joined by blanks.")
    public String getResponseHeaderNames() {
        return String.join(" ", Fields.names(response()));
    }

    @RuleFunction("All header fields of the response: value by name.")
    public Map<String, Object> getResponseHeaders() {
        return Fields.all(response());
    }

    @RuleFunction("Removes every header field of the response but those named, and those it needs.")
    public void scrubResponseHeaders(String... names) {
        Fields.keepOnly(response(), List.of(names));
    }

    @RuleFunction("The value that the response gives to a cookie; empty if it does not.")
    public String getResponseCookie(@Nullable String name) {
        return orEmpty(Cookies.setBy(response()).get(orEmpty(name)));
    }

    @RuleFunction("All cookies that the response sets: value by name.")
    public Map<String, String> getResponseCookies() {
        return Cookies.setBy(response());
    }

    @RuleFunction
    public void setResponseCookie(@Nullable String name, @Nullable String value) {
        setResponseCookie(name, value, "");
    }

    @RuleFunction(
            "Has the response set a cookie, with attributes such as \"path=/; secure\"; in a"
                    + " request rule the response that is still to come, whoever makes it.")
    public void setResponseCookie(
            @Nullable String name, @Nullable String value, @Nullable String attributes) {
        String n = orEmpty(name);
        if (!n.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
            throw new RuleErrorException("'" + n + "' is no name of a cookie");
        }
        String field = n + "=" + orEmpty(value).replace(";", "%3B");
        if (!orEmpty(attributes).isEmpty()) {
            field += "; " + attributes;
        }
        ResponseHead head = run.http().response();
        if (head == null) {
            run.http().answerCookie(n, FieldCheck.value(field));
            return;
        }
        Cookies.unset(head, n);
        head.add(FieldName.SET_COOKIE, field);
    }

    @RuleFunction("Takes out of the response what sets a cookie.")
    public void removeResponseCookie(@Nullable String name) {
        Cookies.unset(response(), orEmpty(name));
    }

    // ---- answers of the rule's own

    @RuleFunction(ends = true)
    public void sendResponse(Any status, @Nullable String contentType, @Nullable String body) {
        sendResponse(status, contentType, body, "");
    }

    @RuleFunction(
            value =
                    "Answers the request and ends the rules of the list. The status may have a"
                        + " phrase (\"404 Not Found\"); fields are lines \"Name: value\" joined by"
                        + " \\r"
                        + "\\n"
                        + ". Response rules run on the answer.",
            ends = true)
    public void sendResponse(
            Any status,
            @Nullable String contentType,
            @Nullable String body,
            @Nullable String fields) {
        run.over(answer(status, contentType, body, fields));
    }

    /** An answer as rules describe it. */
    static RuleOutcome.Answer answer(
            Any status,
            @Nullable String contentType,
            @Nullable String body,
            @Nullable String fields) {
        String text = Numbers.text(status.value()).strip();
        int blank = text.indexOf(' ');
        int code = checked((int) Numbers.whole(text));
        String reason = blank < 0 ? Reasons.of(code) : phrase(text.substring(blank + 1));
        return new RuleOutcome.Answer(
                code, reason, type(contentType), Bytes.of(body), fields(orEmpty(fields)));
    }

    private static String type(@Nullable String contentType) {
        return orEmpty(contentType).isEmpty()
                ? "text/plain"
                : orEmpty(contentType).replaceAll("[\\x00-\\x1f\\x7f]", " ");
    }

    private static List<Map.Entry<String, String>> fields(String lines) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line : lines.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip();
                if (!name.toLowerCase(Locale.ROOT).equals("content-type")) {
                    String value = line.substring(colon + 1).strip();
                    fields.add(Map.entry(FieldCheck.name(name), FieldCheck.value(value)));
                }
            }
        }
        return fields;
    }

    @RuleFunction(
            value = "Sends the client to another URL (302) and ends the rules of the list.",
            ends = true)
    public void redirect(@Nullable String url) {
        run.over(redirection(302, orEmpty(url)));
    }

    private static RuleOutcome redirection(int code, String url) {
        String safe = url.replaceAll("[\\x00-\\x20\\x7f]", "");
        return new RuleOutcome.Answer(
                code,
                Reasons.of(code),
                "text/html",
                Bytes.of("<html><body>The page has moved.</body></html>\n"),
                List.of(Map.entry("Location", safe)));
    }

    @RuleFunction(
            "Sends the client to the same page of another site (301); does nothing when it is there"
                    + " already. The name may have a scheme in front and a path prefix behind.")
    public void changeSite(@Nullable String site) {
        String asked = orEmpty(site);
        int scheme = asked.indexOf("://");
        String now = run.side().secure() ? "https" : "http";
        String wanted = scheme < 0 ? now : asked.substring(0, scheme).toLowerCase(Locale.ROOT);
        String rest = scheme < 0 ? asked : asked.substring(scheme + 3);
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        String prefix = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
        String target = run.http().request().target();
        String present = getHeader("Host").toLowerCase(Locale.ROOT);
        boolean port = host.indexOf(':') >= 0;
        String presentHost = port ? present : getHostHeader();
        if (wanted.equals(now)
                && presentHost.equals(host.toLowerCase(Locale.ROOT))
                && target.startsWith(prefix)) {
            return;
        }
        String keptPort = "";
        if (!port && wanted.equals(now) && present.indexOf(':') > 0 && !present.startsWith("[")) {
            keptPort = present.substring(present.indexOf(':'));
        }
        run.finish(redirection(301, wanted + "://" + host + keptPort + prefix + target));
    }

    /** Whether the rule runs where there is an answer. */
    boolean responding() {
        return run.side().state() != RuleState.REQUEST;
    }
}
