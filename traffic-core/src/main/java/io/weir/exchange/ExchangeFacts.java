package io.weir.exchange;

import io.weir.config.PoolConfig;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * What is known about one exchange: who asks for what, at which virtual server, what the cache
 * knows of it, and the record of what was decided. What happens to it is in {@link Exchange}.
 * Confined to one event loop.
 */
abstract sealed class ExchangeFacts permits Exchange {

    private final VirtualServer server;
    private final LoopContext loop;
    private final ExchangeRecord record;
    private final RequestFlow requestFlow;
    private final long number;
    private final long writtenBefore;
    private ClientSide client;
    private RequestHead request;
    private long requestLength;
    private @Nullable CacheUse cacheUse;
    private @Nullable String tagsOfClient;
    private @Nullable Wishes wishes;
    private @Nullable Places places;

    ExchangeFacts(
            VirtualServer server,
            LoopContext loop,
            ClientSide client,
            RequestHead request,
            long requestLength) {
        this.server = server;
        this.loop = loop;
        this.client = client;
        this.request = request;
        this.requestLength = requestLength;
        this.number = loop.nextExchange();
        this.record = new ExchangeRecord(loop.nanos());
        this.requestFlow =
                new RequestFlow(client, server.config().maxClientBuffer(), requestLength == 0);
        this.writtenBefore = client.bytesWritten();
    }

    /** Which exchange of its event loop it is. */
    final long number() {
        return number;
    }

    /** Names the exchange in logs: the event loop and a number. Unique while the process lives. */
    public final String id() {
        return id(loop, number);
    }

    static String id(LoopContext loop, long number) {
        return loop.index() + "-" + Long.toString(number, 36);
    }

    /** What all exchanges of the event loop share. */
    public final LoopContext context() {
        return loop;
    }

    public final VirtualServer server() {
        return server;
    }

    /** What was decided and how long it took. */
    public final ExchangeRecord record() {
        return record;
    }

    public final ClientSide client() {
        return client;
    }

    public final RequestHead request() {
        return request;
    }

    /** The length of the request body as {@link Framing} decided. */
    public final long requestLength() {
        return requestLength;
    }

    final void requestLength(long length) {
        requestLength = length;
    }

    /** Whether the request, as far as the client is concerned, has come as a whole. */
    public final boolean requestComplete() {
        return requestFlow.complete();
    }

    /** The body of the request on its way. */
    final RequestFlow requestFlow() {
        return requestFlow;
    }

    /** Whether the same request may be sent again: nothing of it is lost, nothing done twice. */
    final boolean mayResend() {
        return repeats() && !requestFlow.begun() && requestLength == 0;
    }

    /** Whether doing it twice does no harm, by the method or by what a rule says. */
    final boolean repeats() {
        boolean byMethod = request.method().idempotent();
        return wishes == null ? byMethod : wishes.repeats(byMethod);
    }

    /** Writes down what has been sent to the client. */
    final void countClient() {
        record.sentToClient = Math.max(record.sentToClient, client.bytesWritten() - writtenBefore);
    }

    /**
     * The client is gone, and the exchange goes on without it; the heads of its side are copied.
     */
    final AbsentClient leaveClient() {
        countClient();
        request = request.copy();
        AbsentClient absent = new AbsentClient(client, context());
        client = absent;
        return absent;
    }

    /** What the cache has to do with the exchange; null for nothing. */
    final @Nullable CacheUse cacheUse() {
        return cacheUse;
    }

    final void cacheUse(CacheUse use) {
        cacheUse = use;
    }

    final void tagsOfClient(String tags) {
        tagsOfClient = tags;
    }

    /** The entity tags that the client knows, where marks were taken out; null where not. */
    final @Nullable String tagsOfClient() {
        return tagsOfClient;
    }

    /** What rules want for this exchange; null for nothing. */
    final @Nullable Wishes wishesIfAny() {
        return wishes;
    }

    final void wishes(Wishes wanted) {
        wishes = wanted;
    }

    /** What rules wanted of the client's connection ends with the exchange. */
    final void endWishes() {
        if (wishes != null) {
            wishes.end();
        }
    }

    /** The client's address, or the one that a rule has put in its place. */
    public final InetSocketAddress clientAddress() {
        InetSocketAddress real = client.remote();
        return wishes == null ? real : wishes.clientOr(real);
    }

    /** See {@link io.weir.pool.HashSource}. */
    public final long hash(PoolConfig.HashKey key) {
        String header = key.header();
        return switch (key.kind()) {
            case PATH -> request.targetHash();
            case SOURCE_ADDRESS -> clientHash();
            case HEADER -> {
                String value = header == null ? null : request.get(FieldName.of(header));
                yield value == null ? clientHash() : Hashes.of(value);
            }
        };
    }

    private long clientHash() {
        return Hashes.of(clientAddress().getAddress().getAddress());
    }

    // ---- its places at admissions

    Places places() {
        Places known = places;
        if (known == null) {
            known = new Places(this);
            places = known;
        }
        return known;
    }

    /** The whole request is there. */
    final void requestIsLoad() {
        Places held = places;
        if (held != null) {
            held.requestComplete();
        }
    }

    /** The answer begins, or there is none. */
    final void leavePlaces(Places.End end) {
        Places held = places;
        if (held != null) {
            held.leave(end);
        }
    }
}
