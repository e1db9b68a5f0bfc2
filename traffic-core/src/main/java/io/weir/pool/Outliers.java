package io.weir.pool;

import io.weir.config.OutlierConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Finds nodes that answer, but with errors or much later than the others. Confined to the pool's
 * {@link Serial}.
 */
final class Outliers {

    private final OutlierConfig config;

    Outliers(OutlierConfig config) {
        this.config = config;
    }

    /** A node that is to be left out, and why. */
    record Finding(Member member, String why) {}

    /** Judges {@code members} by what they did since the last time. */
    List<Finding> look(Collection<Member> members) {
        List<Member> judged = new ArrayList<>();
        int out = 0;
        for (Member member : members) {
            out += member.ejected ? 1 : 0;
            member.window();
            if (member.windowRequests >= config.minRequests()
                    && member.admin == Admin.ACTIVE
                    && member.status.health().usable()) {
                judged.add(member);
            }
        }
        int most = members.size() * config.maxEjected() / 100;
        List<Finding> findings = new ArrayList<>();
        for (Member member : judged) {
            String why = errors(member);
            if (why == null) {
                why = latency(member, judged);
            }
            if (why == null) {
                member.ejections = Math.max(0, member.ejections - 1);
            } else if (out < most) {
                out++;
                findings.add(new Finding(member, why));
            }
        }
        return findings;
    }

    private @Nullable String errors(Member member) {
        if (config.maxErrorRate() == 0
                || member.windowErrors * 100 <= member.windowRequests * config.maxErrorRate()) {
            return null;
        }
        return member.windowErrors + " of " + member.windowRequests + " requests failed";
    }

    /** Compares with the median of the others, so that one slow node cannot be its own measure. */
    private @Nullable String latency(Member member, List<Member> judged) {
        long own = member.node.responseNanos();
        if (config.latencyFactor() == 0 || own <= config.minLatency().toNanos()) {
            return null;
        }
        List<Long> others =
                judged.stream()
                        .filter(each -> each != member)
                        .map(each -> each.node.responseNanos())
                        .sorted()
                        .toList();
        if (others.isEmpty()) {
            return null;
        }
        long median = others.get(others.size() / 2);
        return own <= median * config.latencyFactor()
                ? null
                : "answers take "
                        + own / 1_000_000
                        + " ms, those of the other nodes "
                        + median / 1_000_000
                        + " ms";
    }

    /** How long a node is left out that was left out so many times of late. */
    long ejectionNanos(int times) {
        long nanos = config.ejectionTime().toNanos();
        long most = Math.max(nanos, config.maxEjectionTime().toNanos());
        for (int i = 1; i < times && nanos < most; i++) {
            nanos *= 2;
        }
        return Math.min(nanos, most);
    }
}
