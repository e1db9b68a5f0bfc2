package io.weir.config.load;

import io.weir.config.AdminConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.InstanceConfig;
import io.weir.config.LdapConfig;
import io.weir.config.ListenAddress;
import io.weir.config.OidcConfig;
import io.weir.config.Secret;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Makes the settings of the admin server; see {@link Binder}. */
final class AdminBinder {

    /** Tokens travel in clear on this machine only. */
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(https://[^/?#@\\s]+|http://(localhost|127\\.[0-9.]+|\\[::1])(:[0-9]+)?)/?");

    private AdminBinder() {}

    /** {@code off}, an address in short, or a mapping. */
    static @Nullable AdminConfig admin(
            Section parent, Function<Node, @Nullable ListenAddress> addresses, NamedFiles files) {
        Node node = parent.node("admin");
        Section s = parent.section("admin");
        ListenAddress address;
        if (node instanceof Scalar scalar) {
            address = scalar.text().equals("off") ? null : addresses.apply(node);
        } else {
            Node listen = s.node("listen");
            address = listen == null ? null : addresses.apply(listen);
        }
        if (address == null) {
            return null;
        }
        Path certificate = files.tls(s, "certificate");
        Path key = files.tls(s, "key");
        if (s.has("key") && !s.has("certificate")) {
            parent.problems()
                    .error(
                            s.place("key"),
                            s.path("key"),
                            ProblemCode.NEEDS_OTHER_KEY,
                            s.path("key") + ": needs the key 'certificate'");
        }
        return new AdminConfig(
                address,
                s.flag("tls"),
                certificate,
                key == null ? certificate : key,
                Addresses.blocks(s, "trusted"),
                lower(s.texts("names")),
                s.time("idle-timeout"),
                s.count("lockout-failures"),
                s.time("lockout-time"),
                ldap(s.section("ldap"), files),
                oidc(s.section("oidc"), files),
                certificates(s.section("client-certificates"), files),
                instances(s, files));
    }

    private static List<InstanceConfig> instances(Section s, NamedFiles files) {
        List<InstanceConfig> instances = new ArrayList<>();
        if (s.node("instances") instanceof Sequence list) {
            for (Section each : s.items("instances", list)) {
                String label = each.textOrNull("label");
                String address = each.textOrNull("address");
                Secret token = each.secretOrNull("token");
                Path authorities = files.tls(each, "ca-file");
                if (address != null && !ADDRESS.matcher(address).matches()) {
                    malformed(each, "address", "an address such as https://weir.example.com:9090");
                } else if (label != null && address != null && token != null) {
                    instances.add(new InstanceConfig(label, address, token, authorities));
                }
            }
        }
        return instances;
    }

    private static LdapConfig ldap(Section s, NamedFiles files) {
        String server = s.textOrNull("server");
        if (server != null && !server.matches("ldaps?://[^/?#@\\s]+/?")) {
            malformed(s, "server", "an address such as ldaps://ldap.example.com");
        }
        return new LdapConfig(
                server,
                s.flag("start-tls"),
                files.tls(s, "ca-file"),
                s.textOrNull("user"),
                s.secretOrNull("password"),
                s.text("base"),
                s.text("user-filter"),
                s.textOrNull("group-filter"),
                s.text("group-attribute"),
                pairs(s, "roles"),
                s.time("timeout"));
    }

    private static OidcConfig oidc(Section s, NamedFiles files) {
        String issuer = s.textOrNull("issuer");
        if (issuer != null && !issuer.matches("https?://[^?#@\\s]+")) {
            malformed(s, "issuer", "an address such as https://login.example.com/realm");
        }
        return new OidcConfig(
                issuer,
                s.text("client-id"),
                s.secretOrNull("client-secret"),
                files.tls(s, "ca-file"),
                s.texts("scopes"),
                s.text("user-claim"),
                s.text("groups-claim"),
                pairs(s, "roles"));
    }

    private static ClientCertificateConfig certificates(Section s, NamedFiles files) {
        return new ClientCertificateConfig(
                files.tls(s, "ca-file"), files.tls(s, "crl-file"), pairs(s, "users"));
    }

    private static List<String> pairs(Section s, String key) {
        List<String> pairs = s.texts(key);
        for (String pair : pairs) {
            int equals = pair.lastIndexOf('=');
            if (equals < 1 || equals == pair.length() - 1) {
                malformed(s, key, "entries such as name=value");
                return List.of();
            }
        }
        return pairs;
    }

    private static void malformed(Section s, String key, String expected) {
        s.problems()
                .error(
                        s.place(key),
                        s.path(key),
                        ProblemCode.MALFORMED,
                        s.path(key) + ": found " + s.shown(key) + ", expected " + expected);
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }
}
