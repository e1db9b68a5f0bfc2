package io.weir.explain;

/** Takes the values out of queries, which may be secrets. Stateless. */
public final class QueryNames {

    private static final int LONGEST = 1024;

    private QueryNames() {}

    /**
     * A request target with the names of its parameters only: {@code /a?token=x&b=1} becomes {@code
     * /a?token=&b=}. A parameter without {@code =} might be a value, and becomes {@code …}. Of an
     * absolute target the path is left. What is longer than 1,024 characters is cut.
     */
    public static String of(String target) {
        String path = pathOf(target);
        int query = path.indexOf('?');
        if (query < 0) {
            return cut(path);
        }
        StringBuilder text = new StringBuilder(path.length()).append(path, 0, query);
        char separator = '?';
        int at = query + 1;
        while (at <= path.length() && text.length() <= LONGEST) {
            int end = path.indexOf('&', at);
            end = end < 0 ? path.length() : end;
            int equals = path.indexOf('=', at);
            text.append(separator);
            if (equals >= 0 && equals < end) {
                text.append(path, at, equals + 1);
            } else if (end > at) {
                text.append('…');
            }
            separator = '&';
            at = end + 1;
        }
        return cut(text.toString());
    }

    private static String pathOf(String target) {
        int scheme = target.indexOf("://");
        if (scheme < 0 || target.startsWith("/")) {
            return target;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
