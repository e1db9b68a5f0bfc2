package io.weir.config.load;

import io.weir.config.AdminConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.InstanceConfig;
import io.weir.config.LdapConfig;
import io.weir.config.OidcConfig;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.util.List;

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
        ldap(out, admin.ldap());
        oidc(out, admin.oidc());
        certificates(out, admin.clientCertificates());
        instances(out, admin.instances());
        out.close();
    }

    private static void instances(YamlWriter out, List<InstanceConfig> instances) {
        if (instances.isEmpty()) {
            out.strings("instances", List.of());
            return;
        }
        out.open("instances");
        for (InstanceConfig each : instances) {
            out.item();
            out.string("label", each.label());
            out.string("address", each.address());
            out.secret("token", each.token());
            TlsWriter.file(out, "ca-file", each.caFile());
            out.close();
        }
        out.close();
    }

    private static void ldap(YamlWriter out, LdapConfig ldap) {
        out.open("ldap");
        out.string("server", ldap.server());
        out.bare("start-tls", ldap.startTls());
        TlsWriter.file(out, "ca-file", ldap.caFile());
        out.string("user", ldap.user());
        secret(out, "password", ldap.password());
        out.string("base", ldap.base());
        out.string("user-filter", ldap.userFilter());
        out.string("group-filter", ldap.groupFilter());
        out.string("group-attribute", ldap.groupAttribute());
        out.strings("roles", ldap.roles());
        out.time("timeout", ldap.timeout());
        out.close();
    }

    private static void oidc(YamlWriter out, OidcConfig oidc) {
        out.open("oidc");
        out.string("issuer", oidc.issuer());
        out.string("client-id", oidc.clientId());
        secret(out, "client-secret", oidc.clientSecret());
        TlsWriter.file(out, "ca-file", oidc.caFile());
        out.strings("scopes", oidc.scopes());
        out.string("user-claim", oidc.userClaim());
        out.string("groups-claim", oidc.groupsClaim());
        out.strings("roles", oidc.roles());
        out.close();
    }

    private static void certificates(YamlWriter out, ClientCertificateConfig certificates) {
        out.open("client-certificates");
        TlsWriter.file(out, "ca-file", certificates.caFile());
        TlsWriter.file(out, "crl-file", certificates.crlFile());
        out.strings("users", certificates.users());
        out.close();
    }

    private static void secret(YamlWriter out, String key, @Nullable Secret secret) {
        if (secret != null) {
            out.secret(key, secret);
        }
    }
}
