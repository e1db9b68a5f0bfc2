package io.weir.exchange;

import com.google.re2j.Pattern;

import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.LocationRewrite;
import io.weir.config.VirtualServerConfig.ResponseRewriting;
import io.weir.http.FieldName;
import io.weir.http.ResponseHead;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes the node's response fit for the client: hop-by-hop fields and hidden ones go, redirects and
 * cookies name the address that the client used (ZXTM {@code location_rewrite}, {@code cookie.*}).
 */
final class RewriteResponse implements Step {

    private final ResponseRewriting rules;
    private final List<FieldName> hidden;
    private final @Nullable Pattern location;
    private final @Nullable CookieRewriting cookies;
    private final @Nullable String hsts;

    /**
     * @param hidden fields that clients do not see, and nobody on the way to them
     */
    RewriteResponse(VirtualServerConfig config, List<FieldName> hidden) {
        hsts = hsts(config.tls());
        rules = config.rewriting();
        this.hidden = hidden;
        String regex = rules.locationRegex();
        location = regex == null ? null : Pattern.compile(regex);
        cookies = CookieRewriting.of(rules);
    }

    private static @Nullable String hsts(@Nullable TlsConfig tls) {
        return tls == null || tls.hsts().isZero() ? null : "max-age=" + tls.hsts().toSeconds();
    }

    @Override
    public Next run(Exchange x) {
        ResponseHead head = x.response();
        if (head == null) {
            return Next.CONTINUE;
        }
        head.removeHopByHop();
        for (FieldName name : hidden) {
            head.remove(name);
        }
        if (hsts != null) {
            head.set(FieldName.STRICT_TRANSPORT_SECURITY, hsts);
        }
        int at = head.find(FieldName.LOCATION, 0);
        if (at >= 0 && x.answer().isOfNode()) { // a rule means what it says
            rewriteLocation(x, head, FieldName.LOCATION, at);
        }
        CookieRewriting rewriting = cookies;
        if (rewriting != null && head.contains(FieldName.SET_COOKIE)) {
            rewriteCookies(x, head, rewriting);
        }
        return Next.CONTINUE;
    }

    private void rewriteLocation(Exchange x, ResponseHead head, FieldName name, int at) {
        String before = head.value(at);
        String after = rewritten(x, before);
        if (!after.equals(before)) {
            head.set(name, after);
        }
    }

    private String rewritten(Exchange x, String value) {
        Pattern pattern = location;
        String replace = rules.locationReplace();
        if (pattern != null && replace != null && pattern.matcher(value).find()) {
            return pattern.matcher(value).replaceFirst(replace);
        }
        if (rules.location() == LocationRewrite.NEVER) {
            return value;
        }
        String asked = x.request().get(FieldName.HOST);
        int authority = value.indexOf("://");
        if (asked == null || authority < 0 || !httpScheme(value.substring(0, authority))) {
            return value;
        }
        int from = authority + 3;
        int to = from;
        while (to < value.length() && "/?#".indexOf(value.charAt(to)) < 0) {
            to++;
        }
        String host = value.substring(from, to);
        if (rules.location() == LocationRewrite.IF_HOST_MATCHES
                && !hostOf(host).equalsIgnoreCase(hostOf(asked))
                && !namesNode(x, host)) {
            return value;
        }
        return (x.client().secure() ? "https://" : "http://") + asked + value.substring(to);
    }

    private static boolean httpScheme(String scheme) {
        return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    }

    /** Whether a redirect gives away the node's own address. */
    private static boolean namesNode(Exchange x, String authority) {
        PoolNode node = x.record().node();
        if (node == null) {
            return false;
        }
        String address = node.address().toString();
        return authority.equalsIgnoreCase(address) || (authority + ":80").equalsIgnoreCase(address);
    }

    /** The host of {@code host[:port]}, brackets included. */
    private static String hostOf(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return end <= 0 ? authority : authority.substring(0, end);
    }

    private static void rewriteCookies(Exchange x, ResponseHead head, CookieRewriting rewriting) {
        List<String> after = new ArrayList<>();
        for (int i = head.find(FieldName.SET_COOKIE, 0);
                i >= 0;
                i = head.find(FieldName.SET_COOKIE, i + 1)) {
            after.add(rewriting.rewrite(head.value(i), x.request().get(FieldName.HOST)));
        }
        head.remove(FieldName.SET_COOKIE);
        for (String cookie : after) {
            head.add(FieldName.SET_COOKIE, cookie);
        }
    }
}
