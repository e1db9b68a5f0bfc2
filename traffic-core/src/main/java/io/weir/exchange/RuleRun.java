package io.weir.exchange;

import io.weir.config.Priority;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.rule.HttpSide;
import io.weir.rule.RuleCaching;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleState;
import io.weir.rule.RuleStream;
import io.weir.rule.RuleTls;
import io.weir.rule.RuleWishes;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules of one exchange of HTTP at work. Confined to the exchange's event loop. */
final class RuleRun extends RuleWalk implements HttpSide {

    /** How often response rules may send a request to a node again. */
    private static final int MAX_RETRIES = 10;

    private final Exchange x;
    private int retriesAsked;
    private @Nullable Duration maxDuration;
    private int editsBefore;
    private boolean edited;
    private boolean first;
    private boolean firstKnown;
    private @Nullable Map<String, String> cookies;

    RuleRun(Exchange x) {
        super(x.server(), x.context(), x.record());
        this.x = x;
    }

    /** Request rules are about to run. */
    void beforeRequest() {
        editsBefore = x.request().edits();
    }

    /** Request rules have run. */
    void afterRequest() {
        edited = x.request().edits() != editsBefore;
    }

    /** Whether request rules added or removed fields. */
    boolean editedRequest() {
        return edited;
    }

    @Override
    boolean firstOfConnection(RuleState where) {
        if (!firstKnown) {
            firstKnown = true;
            first = noteFirst();
        }
        return first;
    }

    @Override
    @Nullable Next retry(String rule) {
        return ++retriesAsked > MAX_RETRIES || !x.attempts().retryByRule()
                ? super.retry(rule)
                : Next.WAIT;
    }

    @Override
    @Nullable Next streamed(String rule, RuleOutcome outcome) {
        StreamedAnswer streaming = state() == RuleState.COMPLETION ? null : x.answer().streamed();
        return streaming == null ? null : streaming.ruleEnded(rule, outcome);
    }

    @Override
    public RuleStream stream() {
        StreamedAnswer streaming = x.answer().streamed();
        return streaming == null ? new StreamedAnswer(x) : streaming;
    }

    @Override
    void proceed(Next next) {
        x.proceed(next);
        if (!x.isOver()) {
            // The node's reads are over that else would have what has come sent.
            x.answer().flush();
        }
    }

    @Override
    String id() {
        return x.id();
    }

    @Override
    public boolean over() {
        return abandoned() || x.isOver();
    }

    @Override
    public RequestHead request() {
        return x.request();
    }

    @Override
    public @Nullable ResponseHead response() {
        return x.response();
    }

    @Override
    public void awaitRequestBody(long limit, Runnable done) {
        x.bodies().awaitRequest(limit, done);
    }

    @Override
    public byte @Nullable [] requestBody() {
        return x.bodies().request();
    }

    @Override
    public void requestBody(byte[] body) {
        x.bodies().request(body);
    }

    @Override
    public void awaitResponseBody(long limit, Runnable done) {
        x.bodies().awaitResponse(limit, done);
    }

    @Override
    public byte @Nullable [] responseBody() {
        return x.bodies().response();
    }

    @Override
    public void responseBody(byte[] body) {
        x.bodies().response(body);
    }

    @Override
    public void answerCookie(String name, String cookie) {
        Map<String, String> all = cookies;
        if (all == null) {
            all = new LinkedHashMap<>();
            cookies = all;
        }
        all.put(name, cookie);
    }

    /** The cookies that are to go with the answer, once. */
    Collection<String> takeCookies() {
        Map<String, String> all = cookies;
        cookies = null;
        return all == null ? List.of() : all.values();
    }

    @Override
    public RuleCaching caching() {
        return x.cacheWish();
    }

    @Override
    public InetSocketAddress clientAddress() {
        return x.clientAddress();
    }

    @Override
    public RuleWishes wishes() {
        Wishes wishes = x.wishesIfAny();
        if (wishes == null) {
            wishes = new Wishes(x.client(), x.record(), () -> {});
            x.wishes(wishes);
            x.attempts().wishes(wishes);
            NodeSide side = x.attempts().side();
            if (side != null) {
                wishes.nodeReady(side);
            }
        }
        return wishes;
    }

    @Override
    public @Nullable InetSocketAddress addressTowardsNode() {
        NodeSide side = x.attempts().side();
        return side == null ? null : side.localAddress();
    }

    @Override
    public Duration maxDuration() {
        Duration wanted = maxDuration;
        return wanted == null ? x.server().config().maxTransactionDuration() : wanted;
    }

    @Override
    public void maxDuration(Duration time) {
        maxDuration = time;
        Duration left = time.minusNanos(x.context().nanos() - x.record().beginNanos());
        x.within(time.isZero() ? time : left.isPositive() ? left : Duration.ofNanos(1));
    }

    @Override
    public int heldBytes() {
        return x.requestFlow().heldBytes() + x.answer().flow().heldBytes();
    }

    @Override
    public InetSocketAddress localAddress() {
        return x.client().local();
    }

    @Override
    public boolean secure() {
        return x.client().secure();
    }

    @Override
    public @Nullable RuleTls tls() {
        return x.client().tls();
    }

    @Override
    public Map<String, Object> connectionData() {
        return x.client().identity().data();
    }

    @Override
    public Pool pool() {
        return x.pool();
    }

    @Override
    public void pool(Pool pool, @Nullable PoolNode only) {
        x.attempts().pool(pool, only);
    }

    @Override
    public @Nullable ServiceLevel serviceLevel() {
        return x.serviceLevel();
    }

    @Override
    public void serviceLevel(@Nullable ServiceLevel level) {
        x.serviceLevel(level);
    }

    @Override
    public Priority priority() {
        return x.places().priority();
    }

    @Override
    public void priority(Priority priority) {
        x.places().priority(priority);
    }

    @Override
    void persistenceClass(String name) {
        x.session().chosenClass(name);
    }

    @Override
    @Nullable String chosenClass() {
        return x.session().persistenceClass();
    }

    @Override
    public void persistenceKey(String key) {
        x.session().key(key);
    }

    @Override
    public void persistenceNode(String node) {
        x.session().node(node);
    }

    @Override
    public boolean resendable() {
        return x.mayResend();
    }
}
