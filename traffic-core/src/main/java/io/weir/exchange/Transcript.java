package io.weir.exchange;

import io.weir.cache.Outcome;
import io.weir.exchange.ExchangeRecord.FailedAttempt;
import io.weir.exchange.ExchangeRecord.RuledBy;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptExchange.Bytes;
import io.weir.explain.KeptExchange.Cache;
import io.weir.explain.KeptExchange.Client;
import io.weir.explain.KeptExchange.Reason;
import io.weir.explain.KeptExchange.Request;
import io.weir.explain.KeptExchange.RuleResult;
import io.weir.explain.KeptExchange.Tls;
import io.weir.explain.KeptExchange.Try;
import io.weir.explain.QueryNames;
import io.weir.fault.TrafficFault;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.persist.Verdict;
import io.weir.pool.PoolNode;
import io.weir.rule.RuleState;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Writes a finished exchange down out of what it has noted anyway. Runs on its event loop, for
 * those that are kept only. Bodies, and fields other than Host, are not looked at.
 */
final class Transcript {

    private final ExchangeRecord record;
    private final Timeline timeline;

    private Transcript(ExchangeRecord record, long start) {
        this.record = record;
        this.timeline = new Timeline(start);
    }

    /** An exchange of HTTP, whose heads are still there to be read. */
    static KeptExchange of(Exchange x, Reason reason) {
        ExchangeRecord record = x.record();
        ClientSide client = x.client();
        ConnectionRecord connection = client.connection();
        ConnectionRecord opening = client.firstRequest() ? connection : null;
        long head = connection == null ? 0 : connection.headNanos();
        long begin = head == 0 ? record.beginNanos() : head;
        Transcript transcript =
                new Transcript(record, opening == null ? begin : opening.openedNanos());
        if (opening != null) {
            transcript.timeline.until("tls", opening.securedNanos());
            transcript.timeline.until("wait for request", head);
        }
        RequestHead request = x.request();
        return transcript.write(
                reason,
                x.id(),
                x.context(),
                x.server().name(),
                new Client(
                        client.forwarded().address(),
                        client.remote().getPort(),
                        address(client.local()),
                        request.http10() ? "HTTP/1.0" : request.http2() ? "HTTP/2.0" : "HTTP/1.1"),
                tls(client.tls()),
                new Request(
                        request.methodName(), host(request), QueryNames.of(request.rawTarget())),
                request.headLength());
    }

    /** A stream, or a session of datagrams. */
    static KeptExchange of(StreamLogRecord.Shown x, Reason reason) {
        InetSocketAddress client = x.clientAddress();
        InetAddress address = client.getAddress();
        return new Transcript(x.record(), x.record().beginNanos())
                .write(
                        reason,
                        x.id(),
                        x.context(),
                        x.server().name(),
                        new Client(
                                address == null ? "unknown" : address.getHostAddress(),
                                client.getPort(),
                                address(x.askedAddress()),
                                x.server().config().protocol().word()),
                        tls(x.tls()),
                        null,
                        0);
    }

    private KeptExchange write(
            Reason reason,
            String id,
            LoopContext loop,
            String server,
            Client client,
            @Nullable Tls tls,
            @Nullable Request request,
            int headLength) {
        phases();
        TrafficFault fault = record.fault();
        PoolNode node = record.node();
        Verdict verdict = record.persistence();
        long ago = loop.nanos() - record.beginNanos();
        return new KeptExchange(
                id,
                Instant.ofEpochMilli(
                        loop.ticker().now().toEpochMilli() - TimeUnit.NANOSECONDS.toMillis(ago)),
                reason,
                TimeUnit.NANOSECONDS.toMicros(record.endNanos() - record.beginNanos()),
                server,
                client,
                tls,
                request,
                record.status(),
                fault == null ? null : fault.metric(),
                fault == null ? null : fault.text(),
                record.pool(),
                node == null ? null : node.address().toString(),
                verdict == null ? null : verdict.keyword(),
                cache(),
                record.compression(),
                rules(),
                CandidateList.of(record),
                tries(),
                timeline.phases(),
                new Bytes(
                        headLength + record.bytesFromClient(),
                        record.sentToClient(),
                        record.receivedFromNode(),
                        record.sentToNode()));
    }

    private void phases() {
        List<FailedAttempt> failed = record.failedAttempts();
        timeline.until("head", record.beginNanos());
        timeline.until("request rules", ruledUntil(RuleState.REQUEST));
        timeline.until("rate class", record.turnNanos);
        if (!failed.isEmpty()) {
            timeline.until(record.queued() ? "queue" : "choose", failed.getFirst().chosenNanos());
            timeline.until("failed tries", failed.getLast().failedNanos());
            timeline.until("choose again", after(failed, record.chosenNanos()));
        } else {
            timeline.until(record.queued() ? "queue" : "choose", record.chosenNanos());
        }
        timeline.until("connect", after(failed, record.connectedNanos()));
        if (record.connectedNanos() != 0
                && record.requestEndNanos != 0
                && record.requestEndNanos - record.connectedNanos() > 0) {
            timeline.until("send body", record.requestEndNanos);
        }
        timeline.until(record.chosenNanos() == 0 ? "answer" : "first byte", record.replyNanos());
        timeline.until("response rules", ruledUntil(RuleState.RESPONSE));
        timeline.until(record.replyNanos() == 0 ? "no answer" : "body", record.endNanos());
    }

    /** A moment of the last attempt; 0 when that never came so far. */
    private static long after(List<FailedAttempt> failed, long nanos) {
        return failed.isEmpty() || nanos - failed.getLast().failedNanos() >= 0 ? nanos : 0;
    }

    private long ruledUntil(RuleState state) {
        long until = 0;
        for (RuledBy each : record.ruled()) {
            until = each.state() == state ? each.endedNanos() : until;
        }
        return until;
    }

    private List<RuleResult> rules() {
        List<RuleResult> rules = new ArrayList<>();
        for (RuledBy each : record.ruled()) {
            rules.add(
                    new RuleResult(
                            each.rule(),
                            each.state().name().toLowerCase(Locale.ROOT),
                            each.decision(),
                            TimeUnit.NANOSECONDS.toMicros(each.endedNanos() - each.beganNanos()),
                            each.text()));
        }
        return rules;
    }

    private List<Try> tries() {
        List<Try> tries = new ArrayList<>();
        for (FailedAttempt each : record.failedAttempts()) {
            tries.add(
                    attempt(
                            each.node(),
                            each.chosenNanos(),
                            each.failedNanos(),
                            each.reused(),
                            each.why().text()));
        }
        PoolNode node = record.node();
        boolean counted = tries.size() == record.attempts();
        if (node != null && !counted) {
            TrafficFault fault = record.fault();
            tries.add(
                    attempt(
                            node,
                            record.chosenNanos(),
                            record.endNanos(),
                            record.reusedConnection(),
                            record.replyNanos() != 0 && fault == null
                                    ? "answered"
                                    : fault == null ? "ended" : fault.metric()));
        }
        return tries;
    }

    private Try attempt(PoolNode node, long from, long to, boolean reused, String result) {
        return new Try(
                node.poolName(),
                node.address().toString(),
                timeline.micros(from),
                TimeUnit.NANOSECONDS.toMicros(Math.max(0, to - from)),
                reused,
                result);
    }

    private @Nullable Cache cache() {
        Outcome outcome = record.cacheOutcome();
        String why = record.cacheDetail();
        if (why == null || why.isEmpty()) {
            why = record.cacheMiss.isEmpty() ? null : record.cacheMiss;
        }
        return outcome == null ? null : new Cache(outcome.word(), why, record.cacheStored());
    }

    private static @Nullable Tls tls(@Nullable ClientTls of) {
        return of == null
                ? null
                : new Tls(of.version(), of.cipher(), of.serverName(), of.resumed());
    }

    private static String host(RequestHead request) {
        int at = request.find(FieldName.HOST, 0);
        return at < 0 ? "" : request.value(at);
    }

    private static String address(InetSocketAddress of) {
        InetAddress address = of.getAddress();
        String host = address == null ? "unknown" : address.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + of.getPort();
    }
}
