package io.weir.persist;

import io.weir.config.PersistenceConfig;
import io.weir.http.ResponseHead;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What sessions of one type are known by, where Weir remembers them itself. Implementations are
 * immutable. Where a key is made of octets, each is one character.
 */
@FunctionalInterface
interface SessionKeys {

    /** Every key that the request or connection names, the best first. */
    List<String> of(SessionSource source);

    /** Every key that the node gives to the client with its answer. */
    default List<String> given(ResponseHead response) {
        return List.of();
    }

    /** The keys of a class. */
    static SessionKeys of(PersistenceConfig config) {
        return switch (config.type()) {
            case IP -> bySubnet(config.subnetPrefixV4(), config.subnetPrefixV6());
            case UNIVERSAL -> SessionKeys::givenByRule;
            case J2EE -> ApplicationKeys.J2EE;
            case ASP -> ApplicationKeys.ASP;
            case SSL_SESSION_ID -> SessionKeys::tlsSession;
            case NAMED, TRANSPARENT, COOKIE, X_ZEUS_BACKEND -> source -> List.of();
        };
    }

    private static List<String> givenByRule(SessionSource source) {
        String key = source.persistenceKey();
        return key == null || key.isEmpty() ? List.of() : List.of(key);
    }

    private static List<String> tlsSession(SessionSource source) {
        byte[] id = source.tlsSessionId();
        return id == null || id.length == 0 ? List.of() : List.of(text(id));
    }

    private static SessionKeys bySubnet(int bitsV4, int bitsV6) {
        return source -> {
            InetAddress client = source.clientAddress();
            if (client == null) {
                return List.of();
            }
            int bits = client instanceof Inet4Address ? bitsV4 : bitsV6;
            byte[] address = client.getAddress();
            return List.of(text(bits == 0 ? address : masked(address, bits)));
        };
    }

    private static byte[] masked(byte[] address, int bits) {
        for (int i = 0; i < address.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            address[i] &= (byte) (0xff00 >>> kept);
        }
        return address;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
