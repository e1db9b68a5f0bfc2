package io.weir.admin.server;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.Caller;
import io.weir.admin.Caller.Means;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The head of a request, looked at before anybody is asked who they are. Immutable.
 *
 * @param refusal what is wrong with it whoever sent it; null when nothing is
 * @param length of the body as announced; -1 when it is not
 * @param expectsContinue whether the client waits for an interim answer before it sends the body
 */
record RequestHead(
        AdminRequest request,
        @Nullable AdminResponse refusal,
        boolean http10,
        boolean keepAlive,
        long length,
        boolean expectsContinue) {

    static RequestHead of(HttpRequest message, Channel channel, boolean secure, HostCheck hosts) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> field : message.headers()) {
            headers.computeIfAbsent(field.getKey(), n -> new ArrayList<>()).add(field.getValue());
        }
        String target = originForm(message.uri());
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        String address =
                ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
        AdminRequest request =
                new AdminRequest(
                        message.method().name(),
                        path,
                        query,
                        headers,
                        new byte[0],
                        ((InetSocketAddress) channel.remoteAddress()).getAddress(),
                        secure,
                        certificate(channel),
                        new Caller("", address, Caller.NOBODY.permissions(), Means.NONE));
        boolean http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        return new RequestHead(
                request,
                refusal(message, path, secure, hosts),
                http10,
                HttpUtil.isKeepAlive(message),
                HttpUtil.getContentLength(message, -1L),
                HttpUtil.is100ContinueExpected(message));
    }

    /** What the client has shown in its handshake, verified there; null for nothing. */
    private static @Nullable X509Certificate certificate(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** The absolute form is allowed (RFC 9112, section 3.2.2); its path is what counts. */
    private static String originForm(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme < 0) {
            return target;
        }
        int slash = target.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static @Nullable AdminResponse refusal(
            HttpRequest message, String path, boolean secure, HostCheck hosts) {
        HttpHeaders fields = message.headers();
        List<String> host = fields.getAll(HttpHeaderNames.HOST);
        HttpVersion version = message.protocolVersion();
        if (version.majorVersion() != 1) {
            return Refusals.of(505, "the version is not HTTP/1.1 nor HTTP/1.0");
        }
        if (!path.startsWith("/")) {
            return Refusals.of(400, "the request target is no path");
        }
        if (path.contains("//") || path.contains("/../") || path.endsWith("/..")) {
            return Refusals.of(400, "the path has empty segments or dots to resolve");
        }
        // No browser speaks HTTP/1.0 without a Host field, and some old programs do.
        boolean nameless = host.isEmpty() && version.equals(HttpVersion.HTTP_1_0);
        if (!nameless && host.size() != 1) {
            return Refusals.of(400, "the Host field is missing or stands there twice");
        }
        if (!nameless && !hosts.accepts(host.getFirst())) {
            return Refusals.NOT_ITS_NAME;
        }
        if (!isSafe(message.method().name()) && isForeign(fields, host, secure)) {
            return Refusals.OTHER_ORIGIN;
        }
        if (fields.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !fields.getAll(HttpHeaderNames.TRANSFER_ENCODING).equals(List.of("chunked"))) {
            return Refusals.of(501, "the transfer coding is not chunked");
        }
        if (fields.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return Refusals.of(415, "the body has a content coding, which is not accepted here");
        }
        return null;
    }

    private static boolean isSafe(String method) {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** Whether a page of another origin makes the browser of somebody send this. */
    private static boolean isForeign(HttpHeaders fields, List<String> host, boolean secure) {
        String site = fields.get("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = fields.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return false;
        }
        String own = (secure ? "https://" : "http://") + (host.isEmpty() ? "" : host.getFirst());
        return !origin.toLowerCase(Locale.ROOT).equals(own.toLowerCase(Locale.ROOT));
    }
}
