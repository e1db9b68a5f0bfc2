package io.weir.signin;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;

import io.weir.admin.users.Directory;
import io.weir.cert.BadCertificateException;
import io.weir.config.AdminConfig;
import io.weir.config.LdapConfig;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import javax.net.SocketFactory;

/**
 * A directory asked over LDAP: the user's entry is searched, its groups are read, and the password
 * is tried by binding as that entry (RFC 4513, section 5.1.3). A connection is made for each
 * question and ends with it. Safe for every thread but an event loop.
 */
final class LdapDirectory implements Directory {

    private static final int AT_ONCE = 16;
    private static final int MAX_GROUPS = 1000;
    private static final int MAX_MESSAGE = 4 << 20;

    private final Semaphore turns = new Semaphore(AT_ONCE);
    private volatile LdapConfig config = LdapConfig.OFF;

    /** Takes up which directory is to be asked. */
    void follow(@Nullable AdminConfig admin) {
        config = admin == null ? LdapConfig.OFF : admin.ldap();
    }

    @Override
    public Answer ask(String name, String password) throws InterruptedException {
        LdapConfig now = config;
        String server = now.server();
        if (server == null) {
            return new Unknown();
        }
        if (!turns.tryAcquire(now.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            return new Away("too many are being asked about");
        }
        try {
            return ask(now, URI.create(server), name, password);
        } catch (LDAPException e) {
            return new Away(server + ": " + e.getResultCode() + ": " + e.getDiagnosticMessage());
        } catch (BadCertificateException | GeneralSecurityException e) {
            return new Away(server + ": " + e.getMessage());
        } finally {
            turns.release();
        }
    }

    private static Answer ask(LdapConfig config, URI server, String name, String password)
            throws LDAPException, BadCertificateException, GeneralSecurityException {
        try (LDAPConnection connection = connect(config, server)) {
            String searcher = config.user();
            Secret secret = config.password();
            if (searcher != null) {
                connection.bind(searcher, secret == null ? "" : secret.reveal());
            }
            SearchResultEntry entry = find(connection, config, name);
            if (entry == null) {
                return new Unknown();
            }
            List<String> groups = groups(connection, config, entry);
            try {
                connection.bind(new SimpleBindRequest(entry.getDN(), password));
            } catch (LDAPException e) {
                if (e.getResultCode().isConnectionUsable()) {
                    return new Unknown();
                }
                throw e;
            }
            return new Known(Groups.roles(config.roles(), groups));
        }
    }

    private static LDAPConnection connect(LdapConfig config, URI server)
            throws LDAPException, BadCertificateException, GeneralSecurityException {
        boolean tls = server.getScheme().equals("ldaps");
        int millis = (int) Math.min(Integer.MAX_VALUE, config.timeout().toMillis());
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(millis);
        options.setResponseTimeoutMillis(millis);
        options.setMaxMessageSize(MAX_MESSAGE);
        options.setFollowReferrals(false);
        CheckedSockets sockets =
                tls || config.startTls()
                        ? new CheckedSockets(Trust.context(config.caFile()).getSocketFactory())
                        : null;
        LDAPConnection connection =
                new LDAPConnection(
                        sockets != null && tls ? sockets : SocketFactory.getDefault(),
                        options,
                        server.getHost(),
                        server.getPort() > 0 ? server.getPort() : tls ? 636 : 389);
        if (sockets != null && !tls) {
            startTls(connection, sockets);
        }
        return connection;
    }

    private static void startTls(LDAPConnection connection, CheckedSockets sockets)
            throws LDAPException {
        try {
            ExtendedResult result =
                    connection.processExtendedOperation(new StartTLSExtendedRequest(sockets));
            if (!result.getResultCode().equals(ResultCode.SUCCESS)) {
                throw new LDAPException(result);
            }
        } catch (LDAPException e) {
            connection.close();
            throw e;
        }
    }

    /** The one entry of a user; null when there is none, or more than one. */
    private static @Nullable SearchResultEntry find(
            LDAPConnection connection, LdapConfig config, String name) throws LDAPException {
        SearchRequest request =
                new SearchRequest(
                        config.base(),
                        SearchScope.SUB,
                        filter(config.userFilter(), "{user}", name),
                        config.groupAttribute());
        request.setSizeLimit(2);
        try {
            List<SearchResultEntry> found = connection.search(request).getSearchEntries();
            return found != null && found.size() == 1 ? found.getFirst() : null;
        } catch (LDAPException e) {
            if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)
                    || e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
                return null;
            }
            throw e;
        }
    }

    private static List<String> groups(
            LDAPConnection connection, LdapConfig config, SearchResultEntry entry)
            throws LDAPException {
        List<String> groups = new ArrayList<>();
        Attribute attribute = entry.getAttribute(config.groupAttribute());
        for (String value : attribute == null ? new String[0] : attribute.getValues()) {
            groups.add(groupName(value));
        }
        String filter = config.groupFilter();
        if (filter != null) {
            SearchRequest request =
                    new SearchRequest(
                            config.base(),
                            SearchScope.SUB,
                            filter(filter, "{dn}", entry.getDN()),
                            "cn");
            request.setSizeLimit(MAX_GROUPS);
            List<SearchResultEntry> found = connection.search(request).getSearchEntries();
            for (SearchResultEntry group : found == null ? List.<SearchResultEntry>of() : found) {
                String name = group.getAttributeValue("cn");
                if (name != null) {
                    groups.add(name);
                }
            }
        }
        return groups;
    }

    /** The name of a group that is told by its entry, or by its name. */
    private static String groupName(String value) {
        try {
            RDN first = new DN(value).getRDN();
            return first == null ? value : first.getAttributeValues()[0];
        } catch (LDAPException e) {
            return value;
        }
    }

    /** What people say goes into a filter as nothing but text (RFC 4515, section 3). */
    private static Filter filter(String template, String place, String value) throws LDAPException {
        return Filter.create(template.replace(place, Filter.encodeValue(value)));
    }
}
