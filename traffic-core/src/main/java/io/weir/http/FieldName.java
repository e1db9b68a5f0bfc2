package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The name of a header field. Well-known names are single instances that the parser recognises, so
 * that asking a head for one compares references. Immutable.
 */
public final class FieldName {

    private static final int TABLE_SIZE = 512;
    private static final @Nullable FieldName[] TABLE = new FieldName[TABLE_SIZE];

    /** Counts while the constants below are made. */
    private static int knownNames;

    /** RFC 9110 section 7.6.1: meant for the next hop only. */
    private static final int HOP_BY_HOP = 1;

    /** RFC 9110 section 6.5.1: must not come in a trailer section. */
    private static final int NOT_IN_TRAILERS = 2;

    /** What Weir tells nodes about the client's TLS connection; nobody else may. */
    private static final int TLS_CLAIM = 4;

    public static final FieldName HOST = known("Host", NOT_IN_TRAILERS);
    public static final FieldName CONNECTION = known("Connection", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName KEEP_ALIVE = known("Keep-Alive", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName PROXY_CONNECTION =
            known("Proxy-Connection", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName TE = known("TE", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName TRAILER = known("Trailer", NOT_IN_TRAILERS);
    public static final FieldName UPGRADE = known("Upgrade", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName HTTP2_SETTINGS =
            known("HTTP2-Settings", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName CONTENT_LENGTH = known("Content-Length", NOT_IN_TRAILERS);
    public static final FieldName TRANSFER_ENCODING =
            known("Transfer-Encoding", HOP_BY_HOP | NOT_IN_TRAILERS);
    public static final FieldName EXPECT = known("Expect", NOT_IN_TRAILERS);
    public static final FieldName VIA = known("Via", NOT_IN_TRAILERS);
    public static final FieldName X_FORWARDED_FOR = known("X-Forwarded-For", NOT_IN_TRAILERS);
    public static final FieldName X_FORWARDED_PROTO = known("X-Forwarded-Proto", NOT_IN_TRAILERS);
    public static final FieldName X_FORWARDED_HOST = known("X-Forwarded-Host", NOT_IN_TRAILERS);
    public static final FieldName X_FORWARDED_PORT = known("X-Forwarded-Port", NOT_IN_TRAILERS);
    public static final FieldName FORWARDED = known("Forwarded", NOT_IN_TRAILERS);
    public static final FieldName X_REAL_IP = known("X-Real-IP", NOT_IN_TRAILERS);
    public static final FieldName X_CLUSTER_CLIENT_IP =
            known("X-Cluster-Client-Ip", NOT_IN_TRAILERS);
    public static final FieldName LOCATION = known("Location", NOT_IN_TRAILERS);
    public static final FieldName CONTENT_LOCATION = known("Content-Location", NOT_IN_TRAILERS);
    public static final FieldName SET_COOKIE = known("Set-Cookie", NOT_IN_TRAILERS);
    public static final FieldName COOKIE = known("Cookie", NOT_IN_TRAILERS);
    public static final FieldName CONTENT_TYPE = known("Content-Type", NOT_IN_TRAILERS);
    public static final FieldName CONTENT_ENCODING = known("Content-Encoding", NOT_IN_TRAILERS);
    public static final FieldName CONTENT_RANGE = known("Content-Range", NOT_IN_TRAILERS);
    public static final FieldName CACHE_CONTROL = known("Cache-Control", NOT_IN_TRAILERS);
    public static final FieldName VARY = known("Vary", NOT_IN_TRAILERS);
    public static final FieldName AGE = known("Age", NOT_IN_TRAILERS);
    public static final FieldName EXPIRES = known("Expires", NOT_IN_TRAILERS);
    public static final FieldName DATE = known("Date", NOT_IN_TRAILERS);
    public static final FieldName ETAG = known("ETag", 0);
    public static final FieldName LAST_MODIFIED = known("Last-Modified", 0);
    public static final FieldName IF_MATCH = known("If-Match", NOT_IN_TRAILERS);
    public static final FieldName IF_NONE_MATCH = known("If-None-Match", NOT_IN_TRAILERS);
    public static final FieldName IF_MODIFIED_SINCE = known("If-Modified-Since", NOT_IN_TRAILERS);
    public static final FieldName IF_UNMODIFIED_SINCE =
            known("If-Unmodified-Since", NOT_IN_TRAILERS);
    public static final FieldName IF_RANGE = known("If-Range", NOT_IN_TRAILERS);
    public static final FieldName RANGE = known("Range", NOT_IN_TRAILERS);
    public static final FieldName MAX_FORWARDS = known("Max-Forwards", NOT_IN_TRAILERS);
    public static final FieldName AUTHORIZATION = known("Authorization", NOT_IN_TRAILERS);
    public static final FieldName WWW_AUTHENTICATE = known("WWW-Authenticate", NOT_IN_TRAILERS);
    public static final FieldName PROXY_AUTHORIZATION =
            known("Proxy-Authorization", NOT_IN_TRAILERS);
    public static final FieldName PROXY_AUTHENTICATE = known("Proxy-Authenticate", NOT_IN_TRAILERS);
    public static final FieldName RETRY_AFTER = known("Retry-After", NOT_IN_TRAILERS);
    public static final FieldName PRAGMA = known("Pragma", NOT_IN_TRAILERS);
    public static final FieldName ACCEPT = known("Accept", NOT_IN_TRAILERS);
    public static final FieldName ACCEPT_ENCODING = known("Accept-Encoding", NOT_IN_TRAILERS);
    public static final FieldName ACCEPT_LANGUAGE = known("Accept-Language", NOT_IN_TRAILERS);
    public static final FieldName ACCEPT_RANGES = known("Accept-Ranges", NOT_IN_TRAILERS);
    public static final FieldName USER_AGENT = known("User-Agent", NOT_IN_TRAILERS);
    public static final FieldName REFERER = known("Referer", NOT_IN_TRAILERS);
    public static final FieldName ORIGIN = known("Origin", NOT_IN_TRAILERS);
    public static final FieldName SERVER = known("Server", NOT_IN_TRAILERS);
    public static final FieldName ALLOW = known("Allow", NOT_IN_TRAILERS);
    public static final FieldName SEC_WEBSOCKET_KEY = known("Sec-WebSocket-Key", NOT_IN_TRAILERS);
    public static final FieldName SEC_WEBSOCKET_VERSION =
            known("Sec-WebSocket-Version", NOT_IN_TRAILERS);
    public static final FieldName SSL_PROTOCOL = known("SSLProtocol", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CIPHER = known("SSLCipher", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_SERVER_NAME =
            known("SSLServerName", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_RESUMED = known("SSLResumed", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_STATUS =
            known("SSLClientCertStatus", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_SUBJECT =
            known("SSLClientCertSubject", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_ISSUER =
            known("SSLClientCertIssuer", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_SERIAL =
            known("SSLClientCertSerial", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_NOT_BEFORE =
            known("SSLClientCertNotBefore", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_NOT_AFTER =
            known("SSLClientCertNotAfter", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT_FINGERPRINT =
            known("SSLClientCertFingerprint", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName SSL_CLIENT_CERT =
            known("SSLClientCert", TLS_CLAIM | NOT_IN_TRAILERS);
    public static final FieldName STRICT_TRANSPORT_SECURITY =
            known("Strict-Transport-Security", NOT_IN_TRAILERS);

    private final String text;
    private final byte[] spelt;
    private final byte[] lower;
    private final int hash;
    private final int traits;
    private final long bit;
    private final int number;

    private FieldName(String text, int traits, long bit, int number) {
        this.bit = bit;
        this.number = number;
        this.text = text;
        this.spelt = text.getBytes(StandardCharsets.ISO_8859_1);
        this.lower = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        this.hash = hashOf(lower, 0, lower.length);
        this.traits = traits;
    }

    private static FieldName known(String text, int traits) {
        FieldName name = new FieldName(text, traits, 1L << (knownNames & 63), knownNames++);
        int slot = slotOf(name.hash);
        while (TABLE[slot] != null) {
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        TABLE[slot] = name;
        return name;
    }

    /** The name with this spelling; case does not matter. */
    public static FieldName of(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        FieldName known = known(ascii, 0, ascii.length, hashOf(ascii, 0, ascii.length));
        return known != null ? known : new FieldName(text, 0, 0, -1);
    }

    /** The well-known name spelt by these bytes, or null; {@code hash} is theirs. */
    static @Nullable FieldName known(byte[] bytes, int from, int to, int hash) {
        int slot = slotOf(hash);
        FieldName name = TABLE[slot];
        while (name != null) {
            if (name.hash == hash && name.matches(bytes, from, to)) {
                return name;
            }
            slot = (slot + 1) & (TABLE_SIZE - 1);
            name = TABLE[slot];
        }
        return null;
    }

    private static int slotOf(int hash) {
        return (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
    }

    /** The start value of a name's hash. */
    static final int HASH_SEED = 17;

    /** One step of a name's hash; the same for either case of a letter. */
    static int hashStep(int hash, byte b) {
        return hash * 31 + (b | 0x20);
    }

    private static int hashOf(byte[] bytes, int from, int to) {
        int h = HASH_SEED;
        for (int i = from; i < to; i++) {
            h = hashStep(h, bytes[i]);
        }
        return h;
    }

    /**
     * A bit that stands for the name in a set of names: well-known names have one, which two of
     * them may share; others have 0.
     */
    long bit() {
        return bit;
    }

    /** The name as octets, not to be changed. */
    byte[] spelt() {
        return spelt;
    }

    /** The number of a well-known name, counted from 0; -1 for others. */
    public int number() {
        return number;
    }

    /** How many well-known names there are. */
    public static int wellKnownNames() {
        return knownNames;
    }

    /** The well-known names, in no order. */
    public static List<FieldName> wellKnown() {
        return Arrays.stream(TABLE).filter(Objects::nonNull).toList();
    }

    /** Whether there is only this one instance for the name. */
    boolean isWellKnown() {
        return bit != 0;
    }

    /** Whether these bytes spell this name. */
    boolean matches(byte[] bytes, int from, int to) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if (Octets.lower(bytes[from + i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** The same, where {@code _} counts as {@code -}. */
    boolean resembles(byte[] bytes, int from, int to) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            byte b = bytes[from + i];
            if ((b == '_' ? '-' : Octets.lower(b)) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a field line that begins at {@code from} has this well-known name, spelt as usual.
     */
    boolean begins(byte[] bytes, int from, int to) {
        int end = from + spelt.length;
        return end < to
                && bytes[end] == ':'
                && isWellKnown()
                && Arrays.equals(bytes, from, end, spelt, 0, spelt.length);
    }

    /** Whether the field is meant for the next hop only (RFC 9110 section 7.6.1). */
    public boolean hopByHop() {
        return (traits & HOP_BY_HOP) != 0;
    }

    /** Whether the field may come in a trailer section (RFC 9110 section 6.5.1). */
    public boolean allowedInTrailers() {
        return (traits & NOT_IN_TRAILERS) == 0;
    }

    /**
     * Whether only Weir may send the field to nodes: it tells about the client's TLS connection.
     */
    public boolean tlsClaim() {
        return (traits & TLS_CLAIM) != 0;
    }

    /** The usual spelling. */
    @Override
    public String toString() {
        return text;
    }
}
