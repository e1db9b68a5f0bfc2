package io.weir.persist;

/** The ways in which a session shows in HTTP, and what each has in a configuration. */
enum Kind {
    ADDRESS("ip", ""),
    TRANSPARENT("transparent", ""),
    APPLICATION_COOKIE("cookie", "SHOPSESSION"),
    J2EE_COOKIE("j2ee", "JSESSIONID"),
    J2EE_URL("j2ee", "JSESSIONID"),
    ASP_COOKIE("asp", "ASPSESSIONIDQABCDEFG"),
    ASP_NET_COOKIE("asp", "ASP.NET_SessionId"),
    ASP_COOKIELESS("asp", ""),
    BACKEND_COOKIE("x-zeus-backend", "X-Zeus-Backend");

    /** The type in configurations. */
    final String type;

    /** The cookie that the application sets; empty for none. */
    final String cookie;

    Kind(String type, String cookie) {
        this.type = type;
        this.cookie = cookie;
    }

    /** Whether the session can be taken to another Weir, or through a restart. */
    boolean carriedByClient() {
        return this == TRANSPARENT || this == APPLICATION_COOKIE || this == BACKEND_COOKIE;
    }

    /** Whether the client keeps cookies. */
    boolean keepsCookies() {
        return this != J2EE_URL && this != ASP_COOKIELESS;
    }

    /** A class called {@code sticky}, with further keys in flow style such as {@code a: b}. */
    String asClass(String... more) {
        StringBuilder text = new StringBuilder("persistence-classes:\n  sticky:\n");
        text.append("    type: ").append(type).append('\n');
        if (this == APPLICATION_COOKIE) {
            text.append("    cookie: ").append(cookie).append('\n');
        }
        for (String line : more) {
            text.append("    ").append(line).append('\n');
        }
        return text.toString();
    }
}
