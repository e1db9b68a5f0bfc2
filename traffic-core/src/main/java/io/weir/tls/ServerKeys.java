package io.weir.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.util.concurrent.FastThreadLocal;
import io.weir.cert.Identity;
import io.weir.cert.KeyType;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The certificates of a virtual server: the name that a client asks for decides, then the kinds of
 * keys that it understands. One TLS context holds them all, so sessions and tickets are shared.
 * Immutable but for stapled responses; safe for every thread.
 */
final class ServerKeys extends X509ExtendedKeyManager {

    private static final String EC = "EC";
    private static final String RSA = "RSA";

    /**
     * A certificate in use.
     *
     * @param alias its position in the list, by which engines know it
     * @param scheme the signature scheme of TLS 1.3 that goes with an elliptic key; 0 for RSA
     */
    private record Entry(String alias, Identity identity, int scheme) {}

    /** The certificates for one name: for each kind of key at most one. */
    private static final class Choice {
        private @Nullable Entry ec;
        private @Nullable Entry rsa;

        void offer(Entry entry) {
            if (entry.identity.keyType() == KeyType.EC) {
                ec = ec == null ? entry : ec;
            } else {
                rsa = rsa == null ? entry : rsa;
            }
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final byte[] @Nullable [] staples;
    private final Map<String, Choice> exact = new HashMap<>();
    private final Map<String, Choice> wildcard = new HashMap<>();
    private final Choice standard = new Choice();
    private final boolean rsaElsewhere;
    private final FastThreadLocal<ClientHello> arriving = new FastThreadLocal<>();

    /**
     * @param identities the default one first
     * @param names for each identity the names that it serves, in lower case
     * @param rsaElsewhere whether engines get no RSA keys, because an {@link RsaSigner} has them
     */
    ServerKeys(List<Identity> identities, List<List<String>> names, boolean rsaElsewhere) {
        this.rsaElsewhere = rsaElsewhere;
        staples = new byte[identities.size()][];
        for (int i = 0; i < identities.size(); i++) {
            Identity identity = identities.get(i);
            Entry entry = new Entry(Integer.toString(i), identity, scheme(identity));
            entries.add(entry);
            boolean beside = i == 0;
            for (String name : names.get(i)) {
                String lower = name.toLowerCase(Locale.ROOT);
                beside |= names.getFirst().contains(name);
                (lower.startsWith("*.")
                                ? wildcard.computeIfAbsent(lower.substring(2), _ -> new Choice())
                                : exact.computeIfAbsent(lower, _ -> new Choice()))
                        .offer(entry);
            }
            if (beside) {
                standard.offer(entry);
            }
        }
    }

    private static int scheme(Identity identity) {
        if (identity.certificate().getPublicKey() instanceof ECPublicKey key) {
            return switch (key.getParams().getOrder().bitLength()) {
                case 384 -> 0x0503;
                case 521 -> 0x0603;
                default -> 0x0403;
            };
        }
        return 0;
    }

    /** Tells the engines of this thread what the client says that is about to be read. */
    void arriving(@Nullable ClientHello hello) {
        if (hello == null) {
            arriving.remove();
        } else {
            arriving.set(hello);
        }
    }

    /** Sends {@code response} along with the certificate at {@code position} from now on. */
    void staple(int position, byte @Nullable [] response) {
        staples[position] = response;
    }

    /** Whether a certificate is for {@code name}. */
    boolean knows(@Nullable String name) {
        return name != null && find(name) != null;
    }

    private @Nullable Choice find(String name) {
        Choice choice = exact.get(name);
        int dot = choice == null ? name.indexOf('.') : -1;
        return dot < 0 ? choice : wildcard.get(name.substring(dot + 1));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        ClientHello hello = arriving.getIfExists();
        String name = hello == null ? askedName(engine) : hello.serverName();
        Choice choice = name == null ? null : find(name);
        if (choice == null) {
            choice = standard;
        }
        Entry entry =
                switch (keyType) {
                    case EC -> choice.ec;
                    case RSA -> choice.rsa;
                    default -> null;
                };
        if (entry == null
                || hello != null && entry.scheme != 0 && !hello.takesEcdsa(entry.scheme)) {
            return null;
        }
        byte[] response = staples[Integer.parseInt(entry.alias)];
        if (response != null && engine instanceof ReferenceCountedOpenSslEngine nativeEngine) {
            nativeEngine.setOcspResponse(response);
        }
        return entry.alias;
    }

    private static @Nullable String askedName(SSLEngine engine) {
        SSLSession session = engine.getHandshakeSession();
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    private @Nullable Identity identity(String alias) {
        for (Entry entry : entries) {
            if (entry.alias.equals(alias)) {
                return entry.identity;
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = identity(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = identity(alias);
        return identity == null || rsaElsewhere && identity.keyType() == KeyType.RSA
                ? null
                : identity.privateKey();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return entries.stream()
                .filter(
                        entry ->
                                (entry.identity.keyType() == KeyType.EC ? EC : RSA).equals(keyType))
                .map(Entry::alias)
                .toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String toString() {
        return "ServerKeys" + entries.stream().map(Entry::identity).toList();
    }
}
