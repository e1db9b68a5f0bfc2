package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.http.FieldName;
import io.weir.rule.HttpSide;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions {@code http.*}, those for bodies and forms here. */
public final class HttpFunctions extends HttpResponseFunctions {

    @RuleFunction("Requests to other servers.")
    public final HttpCallFunctions request;

    @RuleFunction("What the cache is to do.")
    public final CacheFunctions cache;

    @RuleFunction("What compression is to do.")
    public final CacheFunctions.Compress compress;

    @RuleFunction("The answer piece by piece.")
    public final HttpStreamFunctions stream;

    HttpFunctions(CurrentRun run, Calls calls) {
        super(run);
        this.stream = new HttpStreamFunctions(run);
        this.cache = new CacheFunctions(run);
        this.compress = new CacheFunctions.Compress(run);
        this.request = new HttpCallFunctions(run, calls);
    }

    // ---- the body of the request

    @RuleFunction(suspends = true)
    public String getBody() {
        return getBody(0);
    }

    @RuleFunction(
            value =
                    "The body of the request, or its first count bytes; 0 for all. Waits for it. A"
                            + " body that is longer than body-limit aborts the rule.",
            suspends = true)
    public String getBody(int count) {
        String body = Bytes.text(Coding.decoded(body(), head("Content-Encoding"), limit()));
        return count > 0 && body.length() > count ? body.substring(0, count) : body;
    }

    private String head(String name) {
        return orEmpty(run.fields().get(run.http().request(), name));
    }

    private long limit() {
        return run.world().limits().bodyLimit();
    }

    private byte[] body() {
        byte[] body = run.http().requestBody();
        if (body == null && run.side().state() == RuleState.REQUEST) {
            HttpSide side = run.http();
            long limit = limit();
            run.await(
                    "http.getBody", done -> side.awaitRequestBody(limit, () -> done.accept(null)));
            body = run.http().requestBody();
            if (body == null) {
                throw new RuleErrorException("the body has more than body-limit bytes");
            }
        }
        run.settle();
        if (body == null) {
            throw new RuleErrorException("the body of the request has been sent on already");
        }
        if (body.length > limit()) {
            throw new RuleErrorException("the body has more than body-limit bytes");
        }
        return body;
    }

    @RuleFunction(suspends = true)
    public List<String> getBodyLines() {
        return lines(getBody(0), 0);
    }

    @RuleFunction(
            value = "The lines of the body, at most count of them; 0 for all.",
            suspends = true)
    public List<String> getBodyLines(int count) {
        return lines(getBody(0), count);
    }

    private static List<String> lines(String body, int count) {
        List<String> lines = new ArrayList<>(List.of(body.split("\r?\n", -1)));
        if (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return count > 0 && lines.size() > count ? lines.subList(0, count) : lines;
    }

    @RuleFunction(value = "Replaces the body of the request; its length follows.", suspends = true)
    public void setBody(@Nullable String body) {
        if (run.side().state() != RuleState.REQUEST) {
            throw new RuleErrorException("the request has been sent on already");
        }
        body();
        run.http().requestBody(Bytes.of(body));
    }

    // ---- forms

    @RuleFunction(suspends = true)
    public String getFormParam(@Nullable String name) {
        return getFormParam(name, " ");
    }

    @RuleFunction(
            value =
                    "A parameter of the query string or of a form in the body; several values are"
                            + " joined by separator.",
            suspends = true)
    public String getFormParam(@Nullable String name, @Nullable String separator) {
        List<String> values = form().get(orEmpty(name));
        return values == null ? "" : String.join(orEmpty(separator), values);
    }

    @RuleFunction(value = "All parameters: value, or list of values, by name.", suspends = true)
    public Map<String, Object> getFormParams() {
        Map<String, Object> all = new LinkedHashMap<>();
        form().forEach((k, v) -> all.put(k, v.size() == 1 ? v.getFirst() : v));
        return all;
    }

    @RuleFunction(value = "The names of all parameters.", suspends = true)
    public List<String> listFormParamNames() {
        return new ArrayList<>(form().keySet());
    }

    @RuleFunction(value = "Old name of http.listFormParamNames: joined by blanks.", suspends = true)
    public String getFormParamNames() {
        return String.join(" ", form().keySet());
    }

    @RuleFunction(value = "Whether there is a parameter.", suspends = true)
    public int doesFormParamExist(@Nullable String name) {
        return form().containsKey(orEmpty(name)) ? 1 : 0;
    }

    private Map<String, List<String>> form() {
        Map<String, List<String>> form = new LinkedHashMap<>();
        Form.read(Target.query(run.http().request().target()), form);
        String type = head("Content-Type");
        if (getMethod().equals("POST") && type.startsWith("application/x-www-form-urlencoded")) {
            Form.read(getBody(0), form);
        }
        return form;
    }

    @RuleFunction(
            value =
                    "A part of a multipart body, counted from 0; $1 becomes its type, $2 its header"
                            + " fields.",
            suspends = true)
    public String getMultipartAttachment(int index) {
        Form.Part part = Form.part(getBody(0), head("Content-Type"), index);
        run.group(1, part == null ? "" : part.type());
        run.group(2, part == null ? "" : part.fields());
        return part == null ? "" : part.body();
    }

    // ---- the body of the answer

    @RuleFunction(suspends = true)
    public String getResponseBody() {
        return getResponseBody(0);
    }

    @RuleFunction(
            value =
                    "The body of the response without transfer and content encoding, or its first"
                            + " count bytes; 0 for all. Waits for it. A body that is longer than"
                            + " body-limit aborts the rule.",
            suspends = true)
    public String getResponseBody(int count) {
        response();
        HttpSide side = run.http();
        byte[] body = side.responseBody();
        if (body == null) {
            long limit = limit();
            run.await(
                    "http.getResponseBody",
                    done -> side.awaitResponseBody(limit, () -> done.accept(null)));
            body = run.http().responseBody();
        }
        run.settle();
        if (body == null || body.length > limit()) {
            throw new RuleErrorException("the body has more than body-limit bytes");
        }
        String coding = orEmpty(response().get(FieldName.CONTENT_ENCODING));
        String text = Bytes.text(Coding.decoded(body, coding, limit()));
        return count > 0 && text.length() > count ? text.substring(0, count) : text;
    }

    @RuleFunction(suspends = true)
    public List<String> getResponseBodyLines() {
        return lines(getResponseBody(0), 0);
    }

    @RuleFunction(
            value = "The lines of the response's body, at most count; 0 for all.",
            suspends = true)
    public List<String> getResponseBodyLines(int count) {
        return lines(getResponseBody(0), count);
    }

    @RuleFunction("Replaces the body of the response; its length follows.")
    public void setResponseBody(@Nullable String body) {
        response();
        run.http().responseBody(Bytes.of(body));
    }

    @RuleFunction
    public void setResponseBody(@Nullable String body, @Nullable String transferEncoding) {
        setResponseBody(body);
    }
}
