package io.weir.function;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;

import io.weir.config.AuthenticatorConfig;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * Directories asked over LDAP (RFC 4511): the user's entry is searched, and a password is tried by
 * binding as that entry. Each has a bounded pool of connections, which goes when the directory's
 * settings change. Safe for every thread but an event loop.
 */
public final class LdapAuthenticators implements Authenticators {

    private static final int MAX_MESSAGE = 4 << 20;
    private static final long MAX_AGE_MILLIS = TimeUnit.MINUTES.toMillis(5);

    private final Map<String, Pooled> pools = new HashMap<>();

    private record Pooled(AuthenticatorConfig config, LDAPConnectionPool pool) {}

    @Override
    public Map<String, Object> ask(
            AuthenticatorConfig who, String user, @Nullable String password) {
        try {
            SearchResultEntry entry = find(pool(who), who, user);
            if (entry == null) {
                return refused("there is no such user");
            }
            // RFC 4513, section 5.1.2: without a password anybody may bind.
            if (password != null && (password.isEmpty() || !binds(pool(who), entry, password))) {
                return refused("the password is wrong");
            }
            return known(entry);
        } catch (LDAPException e) {
            return refused(who.server() + ": " + e.getResultCode());
        } catch (IOException e) {
            return refused(who.server() + ": " + e.getMessage());
        }
    }

    private static Map<String, Object> refused(String why) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("OK", 0);
        answer.put("Error", why);
        return answer;
    }

    private static Map<String, Object> known(SearchResultEntry entry) {
        Map<String, Object> answer = new LinkedHashMap<>();
        for (Attribute attribute : entry.getAttributes()) {
            if (attribute.getBaseName().equalsIgnoreCase("userPassword")) {
                // Whoever searches may be allowed to read it; rules have no use for it.
                continue;
            }
            List<String> values = new ArrayList<>();
            for (byte[] value : attribute.getValueByteArrays()) {
                values.add(Bytes.text(value));
            }
            answer.put(attribute.getName(), values.size() == 1 ? values.getFirst() : values);
        }
        answer.put("dn", Bytes.text(entry.getDN().getBytes(StandardCharsets.UTF_8)));
        answer.put("OK", 1);
        answer.put("Error", "");
        return answer;
    }

    private static boolean binds(LDAPConnectionPool pool, SearchResultEntry entry, String password)
            throws LDAPException {
        try {
            var _ =
                    pool.bindAndRevertAuthentication(
                            new SimpleBindRequest(entry.getDN(), Bytes.of(password)));
            return true;
        } catch (LDAPException e) {
            if (e.getResultCode().equals(ResultCode.INVALID_CREDENTIALS)
                    || e.getResultCode().isConnectionUsable()) {
                return false;
            }
            throw e;
        }
    }

    /** The one entry of a user; null when there is none, or more than one. */
    private static @Nullable SearchResultEntry find(
            LDAPConnectionPool pool, AuthenticatorConfig who, String user) throws LDAPException {
        String name = new String(Bytes.of(user), StandardCharsets.UTF_8);
        // What people say goes into a filter as nothing but text (RFC 4515, section 3).
        Filter filter = Filter.create(who.filter().replace("{user}", Filter.encodeValue(name)));
        SearchRequest request =
                new SearchRequest(
                        who.base(),
                        SearchScope.SUB,
                        filter,
                        who.attributes().toArray(new String[0]));
        request.setSizeLimit(2);
        request.setResponseTimeoutMillis(who.timeout().toMillis());
        try {
            List<SearchResultEntry> found = pool.search(request).getSearchEntries();
            return found != null && found.size() == 1 ? found.getFirst() : null;
        } catch (LDAPSearchException e) {
            if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)
                    || e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
                return null;
            }
            throw e;
        }
    }

    // ---- connections

    private synchronized LDAPConnectionPool pool(AuthenticatorConfig who)
            throws LDAPException, IOException {
        Pooled present = pools.get(who.name());
        if (present != null && present.config().equals(who)) {
            return present.pool();
        }
        LDAPConnectionPool made = connect(who);
        pools.put(who.name(), new Pooled(who, made));
        if (present != null) {
            present.pool().close();
        }
        return made;
    }

    private static LDAPConnectionPool connect(AuthenticatorConfig who)
            throws LDAPException, IOException {
        URI server = URI.create(who.server());
        boolean tls = server.getScheme().equals("ldaps");
        int millis = (int) Math.min(Integer.MAX_VALUE, who.timeout().toMillis());
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(millis);
        options.setResponseTimeoutMillis(millis);
        options.setMaxMessageSize(MAX_MESSAGE);
        options.setFollowReferrals(false);
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(false));
        SSLSocketFactory trusting = tls || who.startTls() ? trusting(who.caFile()) : null;
        String searcher = who.user();
        Secret secret = who.password();
        BindRequest bind =
                searcher == null
                        ? null
                        : new SimpleBindRequest(searcher, secret == null ? "" : secret.reveal());
        PostConnectProcessor secured =
                trusting == null || tls ? null : new StartTLSPostConnectProcessor(trusting);
        String host = server.getHost();
        int port = server.getPort() > 0 ? server.getPort() : tls ? 636 : 389;
        SingleServerSet set =
                new SingleServerSet(
                        host == null ? "" : host.replaceAll("[\\[\\]]", ""),
                        port,
                        tls && trusting != null ? trusting : SocketFactory.getDefault(),
                        options);
        LDAPConnectionPool pool =
                new LDAPConnectionPool(set, bind, 0, who.maxConnections(), secured, true);
        pool.setCreateIfNecessary(false);
        pool.setMaxWaitTimeMillis(who.timeout().toMillis());
        pool.setMaxConnectionAgeMillis(MAX_AGE_MILLIS);
        pool.setRetryFailedOperationsDueToInvalidConnections(true);
        return pool;
    }

    private static SSLSocketFactory trusting(@Nullable Path authorities) throws IOException {
        return authorities == null
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : Calls.trusting(Bytes.text(Files.readAllBytes(authorities)));
    }
}
