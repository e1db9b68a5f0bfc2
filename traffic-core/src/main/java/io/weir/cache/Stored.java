package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One stored response: one variant of what a key names. Its head may be replaced, its body never
 * is. Safe for every thread.
 */
public final class Stored {

    /**
     * Objects around key, head and body: this one, the array of variants, the body's, the store's
     * and the policy's.
     */
    private static final int OVERHEAD = 200;

    private static final long REFRESH_PAUSE = 1_000_000_000L;

    /** Uses that follow each other faster tell the policy nothing new. */
    private static final long MENTION_PAUSE = 1_000_000L;

    private final CacheKey key;
    private final VaryKey vary;
    private final Body body;
    private volatile StoredHead head;
    private volatile @Nullable Extras extras;
    private int hits;
    private long lastUsed;

    /** What the zone was told that this takes; 0 while it is not in the store. */
    private int accounted;

    /** How much of {@link #accounted} is bodies. */
    private int accountedBodies;

    /** A response that came, or was confirmed, when its head says. */
    Stored(CacheKey key, VaryKey vary, StoredHead head, Body body) {
        this.lastUsed = head.receivedNanos();
        this.key = key;
        this.vary = vary;
        this.head = head;
        this.body = body;
    }

    /** What few of many have. */
    private static final class Extras {
        private final List<String> claimed = new ArrayList<>(1);
        private volatile List<Encoded> encodings = List.of();
        private boolean refreshed;
        private long refreshedNanos;
    }

    private synchronized Extras extras() {
        Extras has = extras;
        if (has == null) {
            has = new Extras();
            extras = has;
        }
        return has;
    }

    private List<Encoded> encodings() {
        Extras has = extras;
        return has == null ? List.of() : has.encodings;
    }

    /** The body in a content coding that clients like better. */
    public record Encoded(String coding, Body body) {}

    public CacheKey key() {
        return key;
    }

    VaryKey vary() {
        return vary;
    }

    public Body body() {
        return body;
    }

    StoredHead head() {
        return head;
    }

    void head(StoredHead next) {
        head = next;
    }

    /** Whether the node can be asked if it is still good. */
    public boolean validatable() {
        return head.validatable();
    }

    /** Whether {@code request} would get this variant, and may have it. */
    public boolean fits(RequestHead request) {
        return vary.matches(request)
                && (head.has(StoredHead.FOR_AUTHORIZED)
                        || !request.contains(FieldName.AUTHORIZATION));
    }

    /** Counts a use; a few may get lost. */
    public void used(long now) {
        hits = hits + 1;
        lastUsed = now;
    }

    /** Whether a use at {@code now} is worth a word to the policy; a few more or less may be. */
    boolean worthMentioning(long now) {
        return hits == 0 || now - lastUsed >= MENTION_PAUSE;
    }

    /** When it was last served, or came, in nanoseconds of the ticker. */
    public long lastUsed() {
        return lastUsed;
    }

    /** How often it was used. */
    public int hits() {
        return hits;
    }

    /** The status. */
    public int status() {
        return head.status();
    }

    /** The age in seconds at {@code now}. */
    public long age(long now) {
        return head.ageNow(now);
    }

    /** Nanoseconds that it stays fresh; negative when it is stale. */
    public long freshLeft(long now) {
        return head.freshLeft(now);
    }

    /** Tags that it can be purged by. */
    public List<String> tags() {
        return head.tags();
    }

    /** Whether the node has to be asked before every use. */
    public boolean alwaysAsk() {
        return head.has(StoredHead.ALWAYS_ASK);
    }

    /**
     * Whether those may have it who asked for the same while it was fetched: it may be used without
     * asking (RFC 9111 section 4).
     */
    public boolean mayBeShared(long now) {
        return !alwaysAsk() && (head.freshLeft(now) > 0 || head.staleWhileRevalidate() > 0);
    }

    /** What it varies by, for people. */
    public String variant() {
        return vary.toString();
    }

    /** Whether it must be sent as it is. */
    public boolean noTransform() {
        return head.has(StoredHead.NO_TRANSFORM);
    }

    /** Fills an empty head with status and fields, but for length and age. */
    public void fill(ResponseHead empty) {
        head.fill(empty);
    }

    /** The body in {@code coding} if it is kept; null otherwise. Hold it before use. */
    public @Nullable Body encoded(String coding) {
        for (Encoded each : encodings()) {
            if (each.coding().equals(coding)) {
                return each.body();
            }
        }
        return null;
    }

    /** The codings that it is kept in, besides the one that came. */
    public List<String> codings() {
        return encodings().stream().map(Encoded::coding).toList();
    }

    /** The body in all codings that it is kept in, each held for the caller. */
    List<Encoded> holdEncodings() {
        return encodings().stream().filter(each -> each.body().hold()).toList();
    }

    /** Makes it stale, so that the node is asked before its next use; false when it is already. */
    boolean expire(long now) {
        StoredHead present = head;
        if (present.freshLeft(now) < 0) {
            return false;
        }
        head = present.expired(now);
        return true;
    }

    /** Whether the caller is the first who wants to keep {@code coding}. */
    public synchronized boolean claim(String coding) {
        List<String> claimed = extras().claimed;
        return claimed.size() < 8 && !claimed.contains(coding) && claimed.add(coding);
    }

    /** Keeps a coding that comes with it from the disk; only while nobody else knows of it. */
    void loaded(String coding, Body encoded) {
        claim(coding);
        encoded(new Encoded(coding, encoded));
    }

    /** Keeps one more coding; false when there is one already. */
    synchronized boolean encoded(Encoded next) {
        if (encoded(next.coding()) != null) {
            return false;
        }
        Extras has = extras();
        List<Encoded> all = new ArrayList<>(has.encodings);
        all.add(next);
        has.encodings = List.copyOf(all);
        return true;
    }

    /** Whether it is time to ask the node again; true at most once a second. */
    public synchronized boolean refreshDue(long now) {
        Extras has = extras();
        if (has.refreshed && now - has.refreshedNanos < REFRESH_PAUSE) {
            return false;
        }
        has.refreshed = true;
        has.refreshedNanos = now;
        return true;
    }

    /** Bytes that it takes, everything included. */
    long weight() {
        return weight(encodings());
    }

    private long weight(List<Encoded> codings) {
        return OVERHEAD
                + key.weight()
                + vary.weight()
                + head.weight()
                + 160L * codings.size()
                + bodies(codings);
    }

    private long bodies(List<Encoded> codings) {
        long bytes = body.memory();
        for (Encoded each : codings) {
            bytes += each.body().memory();
        }
        return bytes;
    }

    /** Tells its zone what it takes now. Only under the lock of its key in the store. */
    void account() {
        List<Encoded> codings = encodings();
        account((int) Math.min(weight(codings), Integer.MAX_VALUE), (int) bodies(codings));
    }

    private void account(int weight, int bodies) {
        int more = weight - accounted;
        int moreBodies = bodies - accountedBodies;
        int responses = (weight > 0 ? 1 : 0) - (accounted > 0 ? 1 : 0);
        key.zone().holds(responses, more);
        body.kept(moreBodies, more - moreBodies);
        accounted = weight;
        accountedBodies = bodies;
    }

    /** The store's interest is over. Only under the lock of its key in the store. */
    void release() {
        account(0, 0);
        body.letGo();
        List<Encoded> list;
        synchronized (this) {
            list = encodings();
            Extras has = extras;
            if (has != null) {
                has.encodings = List.of();
            }
        }
        list.forEach(each -> each.body().letGo());
    }
}
