package io.weir.function;

/** The two parts of a request target. */
final class Target {

    private Target() {}

    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    static String query(String target) {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    static boolean pathCharacter(int c) {
        return Escapes.unreserved(c) || "/!$&'()*+,;=:@?".indexOf(c) >= 0;
    }

    static boolean queryCharacter(int c) {
        return Escapes.unreserved(c) || "/!$'()*,;=:@?&".indexOf(c) >= 0;
    }
}
