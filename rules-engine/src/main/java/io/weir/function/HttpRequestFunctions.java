package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Functions {@code http.*} that look at the request or change it. */
public class HttpRequestFunctions {

    final CurrentRun run;

    HttpRequestFunctions(CurrentRun run) {
        this.run = run;
    }

    private RequestHead head() {
        return run.http().request();
    }

    @RuleFunction("The method of the request.")
    public String getMethod() {
        return head().methodName();
    }

    @RuleFunction("Sets the method of the request.")
    public void setMethod(@Nullable String method) {
        head().setMethod(orEmpty(method));
    }

    @RuleFunction("The version of HTTP that the client speaks: HTTP/1.1.")
    public String getVersion() {
        return head().http10() ? "HTTP/1.0" : "HTTP/1.1";
    }

    @RuleFunction("Request line and header fields as they stand now.")
    public String getRequest() {
        RequestHead head = head();
        return head.methodName() + " " + head.target() + " HTTP/1.1\r\n" + Fields.lines(head);
    }

    @RuleFunction("The path without escapes, without host and query; a bad escape has _ for %.")
    public String getPath() {
        return Escapes.unescape(Target.path(head().target()), false, false).text();
    }

    @RuleFunction("The request target exactly as it came.")
    public String getRawURL() {
        return head().rawTarget();
    }

    @RuleFunction("The query string without escapes.")
    public String getQueryString() {
        return Escapes.unescape(Target.query(head().target()), false, true).text();
    }

    @RuleFunction("The query string as it stands in the request.")
    public String getRawQueryString() {
        return Target.query(head().target());
    }

    @RuleFunction("Replaces the query string, which is escaped as needed.")
    public void setQueryString(@Nullable String query) {
        setRawQueryString(Escapes.escape(orEmpty(query), Target::queryCharacter));
    }

    @RuleFunction("Replaces the query string as it is.")
    public void setRawQueryString(@Nullable String query) {
        String q = orEmpty(query);
        String path = Target.path(head().target());
        head().setTarget(q.isEmpty() ? path : path + "?" + q);
    }

    @RuleFunction("Replaces the path, which is escaped as needed; a ? in it begins a new query.")
    public void setPath(@Nullable String path) {
        target(Escapes.escape(orEmpty(path), Target::pathCharacter));
    }

    @RuleFunction("Like http.setPath for a path that has its escapes already.")
    public void setEscapedPath(@Nullable String path) {
        target(Escapes.escape(orEmpty(path), c -> c == '%' || Target.pathCharacter(c)));
    }

    @RuleFunction("Replaces the path as it is.")
    public void setRawPath(@Nullable String path) {
        target(orEmpty(path));
    }

    private void target(String path) {
        String query = Target.query(head().target());
        head().setTarget(path.indexOf('?') >= 0 || query.isEmpty() ? path : path + "?" + query);
    }

    @RuleFunction("The path without //, /./ and /a/../; empty if it leaves the root or has a NUL.")
    public String normalizePath(@Nullable String path) {
        return Escapes.normalize(orEmpty(path));
    }

    @RuleFunction("The host that the client asks for: lower case, no port, no dot at the end.")
    public String getHostHeader() {
        String host = orEmpty(run.fields().get(head(), "Host")).toLowerCase(Locale.ROOT);
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        host = end > 0 ? host.substring(0, end) : host;
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    @RuleFunction("The value of a header field, all values joined by commas; empty without one.")
    public String getHeader(@Nullable String name) {
        return orEmpty(run.fields().get(head(), orEmpty(name)));
    }

    @RuleFunction("Makes value the only one of a header field.")
    public void setHeader(@Nullable String name, @Nullable String value) {
        run.fields().set(head(), orEmpty(name), orEmpty(value));
    }

    @RuleFunction("Adds a header field behind those of its name.")
    public void addHeader(@Nullable String name, @Nullable String value) {
        run.fields().add(head(), orEmpty(name), orEmpty(value));
    }

    @RuleFunction("Removes a header field.")
    public void removeHeader(@Nullable String name) {
        run.fields().remove(head(), orEmpty(name));
    }

    @RuleFunction("Whether the request has a header field.")
    public int headerExists(@Nullable String name) {
        return run.fields().get(head(), orEmpty(name)) == null ? 0 : 1;
    }

    @RuleFunction("The names of the header fields, each once.")
    public List<String> listHeaderNames() {
        return Fields.names(head());
    }

    @RuleFunction("Old name of http.listHeaderNames: the names, joined by blanks.")
    public String getHeaderNames() {
        return String.join(" ", Fields.names(head()));
    }

    @RuleFunction("All header fields: value by name.")
    public Map<String, Object> getHeaders() {
        return Fields.all(head());
    }

    @RuleFunction("Removes every header field of the request but those named, and those it needs.")
    public void scrubRequestHeaders(String... names) {
        Fields.keepOnly(head(), List.of(names));
    }

    @RuleFunction("The value of a cookie of the request; empty without one.")
    public String getCookie(@Nullable String name) {
        return orEmpty(Cookies.of(head()).get(orEmpty(name)));
    }

    @RuleFunction("Old name of http.getCookie.")
    public String cookie(@Nullable String name) {
        return getCookie(name);
    }

    @RuleFunction("All cookies of the request: value by name.")
    public Map<String, String> getCookies() {
        return Cookies.of(head());
    }

    @RuleFunction("Sets a cookie of the request.")
    public void setCookie(@Nullable String name, @Nullable String value) {
        Map<String, String> all = Cookies.of(head());
        all.put(orEmpty(name), orEmpty(value));
        Cookies.write(head(), all);
    }

    @RuleFunction("Removes a cookie of the request.")
    public void removeCookie(@Nullable String name) {
        Map<String, String> all = Cookies.of(head());
        if (all.remove(orEmpty(name)) != null) {
            Cookies.write(head(), all);
        }
    }

    @RuleFunction("Says whether the request may be sent to a node again, whatever its method.")
    public void setIdempotent(int idempotent) {
        run.side().wishes().idempotent(idempotent != 0);
    }
}
