package io.weir.config.load;

import io.weir.config.AdminConfig;
import io.weir.config.ListenAddress;
import io.weir.config.load.Node.Scalar;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Makes the settings of the admin server; see {@link Binder}. */
final class AdminBinder {

    private AdminBinder() {}

    /** {@code off}, an address in short, or a mapping. */
    static @Nullable AdminConfig admin(
            Section parent, Function<Node, @Nullable ListenAddress> addresses, TlsBinder files) {
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
        Path certificate = files.file(s, "certificate");
        Path key = files.file(s, "key");
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
                Binder.blocks(s, "trusted"),
                lower(s.texts("names")),
                s.time("idle-timeout"),
                s.count("lockout-failures"),
                s.time("lockout-time"));
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }
}
