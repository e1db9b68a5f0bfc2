package io.weir.config.load;

import io.weir.config.AuthenticatorConfig;
import io.weir.config.Secret;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/** Makes and writes the section {@code authenticators}; see {@link Binder}. */
final class AuthenticatorBinder {

    private AuthenticatorBinder() {}

    static AuthenticatorConfig bind(String name, Section s, NamedFiles files) {
        return new AuthenticatorConfig(
                name,
                Objects.requireNonNullElse(s.textOrNull("server"), ""),
                s.flag("start-tls"),
                files.tls(s, "ca-file"),
                s.textOrNull("user"),
                s.secretOrNull("password"),
                s.text("base"),
                s.text("filter"),
                s.texts("attributes"),
                s.time("timeout"),
                s.count("max-connections"),
                s.textOrNull("note"));
    }

    static void write(YamlWriter out, Collection<AuthenticatorConfig> authenticators) {
        out.open("authenticators");
        for (AuthenticatorConfig each : authenticators) {
            out.open(each.name());
            out.string("server", each.server());
            out.bare("start-tls", each.startTls());
            Path authorities = each.caFile();
            out.string("ca-file", authorities == null ? null : authorities.toString());
            out.string("user", each.user());
            Secret password = each.password();
            if (password != null) {
                out.secret("password", password);
            }
            out.string("base", each.base());
            out.string("filter", each.filter());
            out.strings("attributes", each.attributes());
            out.time("timeout", each.timeout());
            out.bare("max-connections", each.maxConnections());
            out.string("note", each.note());
            out.close();
        }
        out.close();
    }
}
