package io.weir.config.load;

import io.weir.config.AdminConfig;

import org.jspecify.annotations.Nullable;

/** Writes the settings of the admin server; see {@link ConfigWriter}. */
final class AdminWriter {

    private AdminWriter() {}

    static void admin(YamlWriter out, @Nullable AdminConfig admin) {
        if (admin == null) {
            out.string("admin", "off");
            return;
        }
        out.open("admin");
        out.string("listen", admin.listen().toString());
        out.bare("tls", admin.tls());
        TlsWriter.file(out, "certificate", admin.certificate());
        TlsWriter.file(out, "key", admin.key());
        out.strings("trusted", admin.trusted());
        out.strings("names", admin.names());
        out.time("idle-timeout", admin.idleTimeout());
        out.bare("lockout-failures", admin.lockoutFailures());
        out.time("lockout-time", admin.lockoutTime());
        out.close();
    }
}
