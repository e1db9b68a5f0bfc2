package io.weir.persist;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

import io.weir.http.Cookies;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The session of an application server, which comes in a cookie or in the path and which the server
 * gives in a cookie or in a redirect. Immutable.
 */
final class ApplicationKeys implements SessionKeys {

    /** Java servlets: a cookie, or {@code ;jsessionid=} behind a part of the path. */
    static final SessionKeys J2EE =
            new ApplicationKeys(
                    List.of(new NamedCookie("JSESSIONID", false)), ApplicationKeys::jsessionid);

    /**
     * ASP.NET, classic ASP, whose cookie has a name that changes with the server's process, and
     * ASP.NET without cookies: {@code /(S(...))/} before the path.
     */
    static final SessionKeys ASP =
            new ApplicationKeys(
                    List.of(
                            new NamedCookie("ASP.NET_SessionId", false),
                            new NamedCookie("ASPSESSIONID", true)),
                    ApplicationKeys::cookieless);

    /** Sessions that one message may name. */
    private static final int MAX_KEYS = 8;

    private static final String JSESSIONID = ";jsessionid=";

    private static final Pattern COOKIELESS =
            Pattern.compile("/\\((?:(?:[A-Z]\\([^()/]*\\))*S\\(([^()/]+)\\)|([a-z0-5]{24})\\)/)");

    private final List<NamedCookie> cookies;
    private final PathKey paths;

    /** A cookie that carries a session: by its name, or by how its name begins. */
    private record NamedCookie(String name, boolean prefix) {
        boolean matches(String other) {
            return prefix ? other.startsWith(name) : other.equals(name);
        }
    }

    /** Finds a session in a path. */
    @FunctionalInterface
    private interface PathKey {
        @Nullable String in(String path);
    }

    private ApplicationKeys(List<NamedCookie> cookies, PathKey paths) {
        this.cookies = cookies;
        this.paths = paths;
    }

    @Override
    public List<String> of(SessionSource source) {
        RequestHead head = source.request();
        if (head == null) {
            return List.of();
        }
        List<String> keys = new ArrayList<>(2);
        if (head.contains(FieldName.COOKIE)) {
            Cookies.each(
                    head,
                    (name, value) -> {
                        if (carriesSession(name)) {
                            offer(value, keys);
                        }
                    });
        }
        offer(paths.in(withoutQuery(head.rawTarget())), keys);
        return keys;
    }

    @Override
    public List<String> given(ResponseHead response) {
        List<String> keys = new ArrayList<>(2);
        for (int i = response.find(FieldName.SET_COOKIE, 0);
                i >= 0;
                i = response.find(FieldName.SET_COOKIE, i + 1)) {
            String cookie = response.value(i);
            if (carriesSession(Cookies.nameOfSet(cookie)) && !Cookies.deletes(cookie)) {
                offer(Cookies.valueOfSet(cookie), keys);
            }
        }
        String location = response.get(FieldName.LOCATION);
        if (location != null) {
            offer(paths.in(withoutQuery(location)), keys);
        }
        return keys;
    }

    private boolean carriesSession(String cookie) {
        for (NamedCookie known : cookies) {
            if (known.matches(cookie)) {
                return true;
            }
        }
        return false;
    }

    private static void offer(@Nullable String key, List<String> keys) {
        // Browsers keep cookies that servers of the past have set; somewhere there is an end.
        if (key != null && !key.isEmpty() && keys.size() < MAX_KEYS) {
            keys.add(key);
        }
    }

    private static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static @Nullable String jsessionid(String path) {
        int at = path.indexOf(JSESSIONID);
        if (at < 0) {
            return null;
        }
        int from = at + JSESSIONID.length();
        int to = from;
        while (to < path.length() && ";/#".indexOf(path.charAt(to)) < 0) {
            to++;
        }
        return path.substring(from, to);
    }

    private static @Nullable String cookieless(String path) {
        if (!path.contains("/(")) {
            return null;
        }
        Matcher found = COOKIELESS.matcher(path);
        if (!found.find()) {
            return null;
        }
        String modern = found.group(1);
        return modern != null ? modern : found.group(2);
    }
}
