package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.config.Protocol;
import io.weir.exchange.ServerRules.Attached;
import io.weir.fault.TrafficFault;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.rule.RuleState;
import io.weir.rule.RuleTls;
import io.weir.rule.RuleWishes;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * The rules of one stream at work, and what they hold back. Request rules run before a node is
 * chosen, and again whenever the client speaks after the node has; response rules run on the first
 * bytes of a node, and again whenever it speaks after the client has. Where either side may speak
 * at any time, or all is ciphertext, each list runs once. Confined to one event loop.
 *
 * <pre>
 *   ASKING_RULES --done--> ASKING --node speaks--> ANSWERING_RULES --done--> ANSWERING
 *        ^----------------------------- client speaks ---------------------------'
 * </pre>
 */
final class StreamRules extends CarriedRules {

    private enum Turn {
        ASKING_RULES,
        ASKING,
        ANSWERING_RULES,
        ANSWERING
    }

    private final StreamExchange x;
    private final List<Attached> requestRules;
    private final List<Attached> responseRules;
    private final boolean takesTurns;
    private final HeldBytes request;
    private final Opening nodeOpening = new Opening();
    private final HeldBytes response;
    private Turn turn = Turn.ASKING_RULES;
    private boolean hasNode;

    StreamRules(StreamExchange x, Opening clientOpening) {
        super(x.server(), x.context(), x.record());
        this.x = x;
        ServerRules rules = x.server().rules();
        this.requestRules = rules.request();
        this.responseRules = rules.response();
        Protocol.Kind kind = x.server().config().protocol().kind();
        this.takesTurns = kind == Protocol.Kind.CLIENT_FIRST || kind == Protocol.Kind.SERVER_FIRST;
        this.request = new HeldBytes(clientOpening, rules.mostHeld(), () -> x.relay().readClient());
        this.response =
                new HeldBytes(nodeOpening, rules.mostHeld(), () -> x.relay().clientWritable());
    }

    // ---- for the stream

    /** The step of the path before a node is chosen. */
    Next before() {
        Next next = pass(requestRules, RuleState.REQUEST);
        if (!(next instanceof Next.Continue)) {
            return next;
        }
        return answered() ? x.awaitMore() : next;
    }

    /** The node is there: what the rules have let through goes on its way. */
    @Nullable ByteBuf first() {
        hasNode = true;
        turn = Turn.ASKING;
        return request.release();
    }

    /** Whether bytes of the client that come now are held. */
    boolean holdsClient() {
        return switch (turn) {
            case ASKING_RULES -> true;
            case ASKING -> request.length() > 0;
            case ANSWERING_RULES, ANSWERING -> takesTurns && !requestRules.isEmpty();
        };
    }

    /** Whether bytes of the node that come now are held. */
    boolean holdsNode() {
        return turn == Turn.ANSWERING_RULES
                || !responseRules.isEmpty()
                        && (turn == Turn.ASKING || turn == Turn.ASKING_RULES && hasNode)
                        && (takesTurns || !hasRun(RuleState.RESPONSE));
    }

    /** Bytes of the client have come and are held. */
    void clientBytes() {
        if (turn == Turn.ANSWERING) {
            turn = Turn.ASKING_RULES;
            proceed(pass(requestRules, RuleState.REQUEST));
        } else {
            request.came();
        }
    }

    /** How many bytes of the client a rule waits for; 0 when none does. */
    int wanted() {
        return request.wanted();
    }

    /** The client speaks and nobody looks. */
    void clientSpeaks() {
        if (turn == Turn.ANSWERING && takesTurns) {
            turn = Turn.ASKING;
        }
    }

    void clientEnded() {
        request.ended();
    }

    /** A piece of the node that is held; this becomes its owner. */
    void nodeBytes(ByteBuf piece) {
        nodeOpening.add(piece);
        if (turn == Turn.ANSWERING_RULES) {
            response.came();
        } else if (turn == Turn.ASKING) {
            turn = Turn.ANSWERING_RULES;
            proceed(pass(responseRules, RuleState.RESPONSE));
        }
    }

    /** Bytes of the node that are held. */
    int heldOfNode() {
        return response.wanted() > nodeOpening.length() ? 0 : nodeOpening.length();
    }

    /** The node speaks and nobody looks. */
    void nodeSpeaks() {
        if (turn == Turn.ASKING) {
            turn = Turn.ANSWERING;
            continueWithHeld();
        }
    }

    void nodeEnded() {
        response.ended();
    }

    /** Whether the end of the client's direction has to wait for rules. */
    boolean holdsClientEnd() {
        return turn == Turn.ASKING_RULES && hasNode || request.length() > 0;
    }

    /** Whether the end of the node's direction has to wait for rules. */
    boolean holdsNodeEnd() {
        return turn == Turn.ANSWERING_RULES || nodeOpening.length() > 0;
    }

    /** The stream is over. */
    void drop() {
        nodeOpening.drop();
        List<Attached> completion = x.server().rules().completion();
        if (!completion.isEmpty()) {
            pass(completion, RuleState.COMPLETION);
        }
    }

    // ---- the end of a list

    @Override
    void proceed(Next next) {
        if (next instanceof Next.Wait) {
            return;
        }
        if (next instanceof Next.Fail fail) {
            if (hasNode) {
                x.breakOff(fail.fault());
            } else {
                x.end(fail.fault());
            }
            return;
        }
        if (next instanceof Next.Answer) {
            x.end(new TrafficFault.Internal("a stream cannot be answered with a page"));
            return;
        }
        if (!hasNode) {
            x.ruled(answered() ? x.awaitMore() : Next.CONTINUE);
        } else if (turn == Turn.ASKING_RULES) {
            turn = answered() ? Turn.ANSWERING : Turn.ASKING;
            x.relay().passToNode(request.release());
            if (nodeOpening.length() > 0 && !over()) {
                // The node went on speaking while rules looked at what the client said.
                turn = Turn.ANSWERING_RULES;
                proceed(pass(responseRules, RuleState.RESPONSE));
            }
        } else {
            turn = Turn.ANSWERING;
            x.relay().passToClient(response.release());
            continueWithHeld();
        }
    }

    private void continueWithHeld() {
        if (request.length() == 0 || over()) {
            return;
        }
        if (takesTurns && !requestRules.isEmpty()) {
            clientBytes();
        } else {
            x.relay().passToNode(request.release());
        }
    }

    private boolean answered() {
        byte[] ready = takeAnswer();
        if (ready == null) {
            return false;
        }
        request.replace(new byte[0]);
        x.relay().passToClient(Unpooled.wrappedBuffer(ready));
        return true;
    }

    @Override
    Next close(String rule, byte[] bytes) {
        x.relay().passToClient(Unpooled.wrappedBuffer(bytes));
        x.end(null);
        return Next.WAIT;
    }

    // ---- for rules

    @Override
    public Held request() {
        return request;
    }

    @Override
    public @Nullable Held response() {
        return state() == RuleState.REQUEST ? null : response;
    }

    @Override
    public void flush(int length) {
        x.relay().passToClient(response.take(length));
    }

    @Override
    String id() {
        return x.id();
    }

    @Override
    public boolean over() {
        return x.isOver();
    }

    @Override
    public InetSocketAddress clientAddress() {
        return x.clientAddress();
    }

    @Override
    public RuleWishes wishes() {
        Wishes wishes = x.wishesIfAny();
        if (wishes == null) {
            wishes = new Wishes(x.client(), x.record(), x.relay()::idleLimitChanged);
            x.wishes(wishes);
            x.search().wishes(wishes);
            StreamEnd node = x.node();
            if (node != null) {
                wishes.nodeReady(node);
            }
        }
        return wishes;
    }

    @Override
    public @Nullable InetSocketAddress addressTowardsNode() {
        StreamEnd node = x.node();
        return node == null ? null : node.localAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return x.askedAddress();
    }

    @Override
    public boolean secure() {
        return x.server().tls() != null;
    }

    @Override
    public @Nullable RuleTls tls() {
        return x.client().tls();
    }

    @Override
    public Pool pool() {
        return x.search().pool();
    }

    @Override
    public void pool(Pool pool, @Nullable PoolNode only) {
        x.search().pool(pool, only);
    }

    @Override
    @Nullable CarriedSession session() {
        return x.session();
    }
}
