package io.weir.cache;

import org.jspecify.annotations.Nullable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * What a stored response is found by: the virtual server, the scheme, the host and the target, with
 * whatever else of the request may choose the answer. GET and HEAD share it; no other method has
 * one. Immutable.
 */
public final class CacheKey {

    /** Bytes that one of several keys takes in {@link TargetKeys}, about. */
    private static final int BESIDES = 200;

    private final CacheZone zone;
    private final boolean secure;
    private final String host;
    private final byte[] target;
    private final String more;
    private final int hash;

    /**
     * @param host as the request has it, with the port
     * @param target path and query as the node will see them, or in normal order
     * @param more values of fields that stand beside the target, such as the forwarded host of a
     *     trusted proxy; empty for none
     */
    CacheKey(CacheZone zone, boolean secure, String host, String target, String more) {
        this(zone, secure, host, target.getBytes(StandardCharsets.ISO_8859_1), more);
    }

    /** The same; {@code target}, as octets, belongs to the key from now on. */
    CacheKey(CacheZone zone, boolean secure, String host, byte[] target, String more) {
        this.zone = zone;
        this.secure = secure;
        this.host = lower(host);
        // Targets are octets; as bytes they take less than as a String.
        this.target = target;
        this.more = more;
        this.hash = targetHash() * 31 + more.hashCode() + (secure ? 1 : 0);
    }

    private CacheKey(CacheKey of, CacheZone zone) {
        this.zone = of.zone;
        this.secure = of.secure;
        this.host = zone.shared(of.host);
        this.target = of.target;
        this.more = zone.shared(of.more);
        this.hash = of.hash;
    }

    /** The same key for a long life: it shares with others what they have in common. */
    CacheKey kept() {
        return new CacheKey(this, zone);
    }

    private static String lower(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return host.toLowerCase(Locale.ROOT);
            }
        }
        return host;
    }

    public CacheZone zone() {
        return zone;
    }

    /** Whether clients ask over TLS. */
    public boolean secure() {
        return secure;
    }

    /** The host in lower case, with the port that the client gave. */
    public String host() {
        return host;
    }

    /** Path and query. */
    public String target() {
        return new String(target, StandardCharsets.ISO_8859_1);
    }

    /** The path alone. */
    public String path() {
        String whole = target();
        int query = whole.indexOf('?');
        return query < 0 ? whole : whole.substring(0, query);
    }

    /**
     * Path and query of a URI reference, if it names the same host; null otherwise. A reference
     * relative to the path counts as one in the directory of this target.
     */
    public @Nullable String targetOf(@Nullable String reference) {
        if (reference == null || reference.isEmpty()) {
            return null;
        }
        String text = reference;
        int fragment = text.indexOf('#');
        text = fragment < 0 ? text : text.substring(0, fragment);
        int scheme = text.indexOf("://");
        boolean absolute = scheme > 0 && text.indexOf('/') == scheme + 1;
        if (absolute || text.startsWith("//")) {
            int authority = absolute ? scheme + 3 : 2;
            int path = authority;
            while (path < text.length() && "/?".indexOf(text.charAt(path)) < 0) {
                path++;
            }
            if (!text.substring(authority, path).equalsIgnoreCase(host)) {
                return null;
            }
            text = text.substring(path);
            return text.startsWith("/") ? text : "/" + text;
        }
        if (text.startsWith("/")) {
            return text;
        }
        String path = path();
        return text.startsWith("?")
                ? path + text
                : path.substring(0, path.lastIndexOf('/') + 1) + text;
    }

    /** The key of another target on the same host. */
    CacheKey withTarget(String other) {
        return new CacheKey(zone, secure, host, other, more);
    }

    /** Whether it consists of scheme, host and target alone. */
    boolean isPlain() {
        return more.isEmpty();
    }

    /** Whether both have the same target of the same host, whatever else stands in them. */
    boolean sameTarget(CacheKey other) {
        return zone == other.zone && host.equals(other.host) && Arrays.equals(target, other.target);
    }

    /** The plain key of the same target, without TLS. */
    CacheKey plain() {
        return new CacheKey(zone, false, host, target, "");
    }

    /** The same by the other scheme. */
    CacheKey otherScheme() {
        return new CacheKey(zone, !secure, host, target, more);
    }

    /** Everything that makes it, for people and for names of files. */
    String identity() {
        return zone.name() + "\0" + secure + "\0" + host + "\0" + target() + "\0" + more;
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(zone.name());
        out.writeBoolean(secure);
        out.writeUTF(host);
        out.writeUTF(target());
        out.writeUTF(more);
    }

    /** What {@link #write} wrote; null when its virtual server is not there any more. */
    static @Nullable CacheKey read(DataInput in, CacheStore store) throws IOException {
        CacheZone zone = store.zoneIfAny(in.readUTF());
        boolean secure = in.readBoolean();
        String host = in.readUTF();
        String target = in.readUTF();
        String more = in.readUTF();
        return zone == null ? null : new CacheKey(zone, secure, host, target, more);
    }

    /**
     * Bytes that the key takes, about. Host and what stands beside the target count as if no key
     * shared them: clients can see to it that none does.
     */
    int weight() {
        int beside = isPlain() ? 0 : BESIDES + 2 * more.length();
        return 48 + host.length() + target.length + beside;
    }

    /** The same for all keys of one target of one host, whatever else stands in them. */
    int targetHash() {
        return (System.identityHashCode(zone) * 31 + host.hashCode()) * 31
                + Arrays.hashCode(target);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CacheKey other
                && hash == other.hash
                && zone == other.zone
                && secure == other.secure
                && Arrays.equals(target, other.target)
                && host.equals(other.host)
                && more.equals(other.more);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Objects.toString(zone.name())
                + (secure ? " https://" : " http://")
                + host
                + target();
    }
}
