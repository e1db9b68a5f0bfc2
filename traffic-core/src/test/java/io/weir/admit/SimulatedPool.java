package io.weir.admit;

import io.weir.config.AdmissionConfig;
import io.weir.config.Priority;
import io.weir.time.Ticker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A pool whose nodes have so many workers and a queue without end, behind an admission. Requests
 * come at random, whatever becomes of those before them; work takes random times. Simulated, so
 * that minutes pass in milliseconds.
 */
final class SimulatedPool {

    private final SplittableRandom random = new SplittableRandom(7);
    private final Admission admission;
    private final ArrayDeque<Request> queue = new ArrayDeque<>();
    private final PriorityQueue<Request> atWork =
            new PriorityQueue<>((a, b) -> Long.signum(a.end - b.end)); // the clock runs over
    private final Map<Priority, Double> shares = new EnumMap<>(Priority.class);
    private int workers;
    private double serviceMillis;
    private double errors;
    private double patienceMillis = Double.MAX_VALUE;
    private final ArrayDeque<Request> asked = new ArrayDeque<>();
    private long now = Long.MAX_VALUE - 5_000_000_000L;

    private static final class Request {
        private final Priority priority;
        private final long begin;
        private final boolean error;
        private boolean gone;
        private long end;

        private Request(Priority priority, long begin, boolean error) {
            this.priority = priority;
            this.begin = begin;
            this.error = error;
        }
    }

    /** What happened in a run; times in milliseconds. */
    record Result(
            double seconds,
            List<Double> times,
            Map<Priority, Integer> offeredBy,
            Map<Priority, Integer> refusedBy) {

        int offered(Priority p) {
            return offeredBy.getOrDefault(p, 0);
        }

        int refused(Priority p) {
            return refusedBy.getOrDefault(p, 0);
        }

        int refused() {
            return refusedBy.values().stream().mapToInt(Integer::intValue).sum();
        }

        double refusedShare() {
            return (double) refused()
                    / offeredBy.values().stream().mapToInt(Integer::intValue).sum();
        }

        double perSecond() {
            return times.size() / seconds;
        }

        double percentile(int percent) {
            List<Double> sorted = new ArrayList<>(times);
            Collections.sort(sorted);
            return sorted.get(sorted.size() * percent / 100);
        }
    }

    SimulatedPool(AdmissionConfig config, int workers, double serviceMillis) {
        this.workers = workers;
        this.serviceMillis = serviceMillis;
        admission =
                new Admission(
                        config,
                        new Ticker() {
                            @Override
                            public long nanos() {
                                return now;
                            }

                            @Override
                            public Instant now() {
                                throw new UnsupportedOperationException();
                            }
                        });
    }

    Admission admission() {
        return admission;
    }

    /** Requests per second that the workers can do. */
    double capacity() {
        return workers * 1000.0 / serviceMillis;
    }

    void workers(int next) {
        workers = next;
    }

    void serviceMillis(double next) {
        serviceMillis = next;
    }

    /** So much of the requests has that priority, the rest the normal one. */
    void share(Priority priority, double share) {
        shares.put(priority, share);
    }

    /** So much of the requests fails at once. */
    void errors(double share) {
        errors = share;
    }

    /** Clients go away after so long; the work for them is done all the same. */
    void patience(double millis) {
        patienceMillis = millis;
    }

    private void goAway() {
        while (!asked.isEmpty()) {
            Request oldest = asked.peek();
            if (oldest.end != 0 && oldest.end - now <= 0 || oldest.gone) {
                asked.remove();
            } else if (now - oldest.begin > patienceMillis * 1e6) {
                asked.remove();
                oldest.gone = true;
                admission.abandon(oldest.priority, now - oldest.begin);
            } else {
                return;
            }
        }
    }

    /**
     * Offers requests for a while.
     *
     * @param load times the capacity
     */
    Result run(int seconds, double load) {
        List<Double> times = new ArrayList<>();
        Map<Priority, Integer> offered = new EnumMap<>(Priority.class);
        Map<Priority, Integer> refused = new EnumMap<>(Priority.class);
        double mean = 1e9 / (load * capacity());
        long end = now + seconds * 1_000_000_000L;
        long next = now + (long) exponential(mean);
        while (next - end < 0) {
            Request first = atWork.peek();
            if (first != null && first.end - next <= 0) {
                now = first.end;
                atWork.remove();
                if (!first.gone) {
                    admission.leave(first.priority, first.error ? -1 : now - first.begin);
                    if (!first.error) {
                        times.add((now - first.begin) / 1e6);
                    }
                }
                goAway();
                work();
                continue;
            }
            now = next;
            next = now + (long) exponential(mean);
            Priority priority = priority();
            offered.merge(priority, 1, Integer::sum);
            if (admission.tryEnter(priority)) {
                Request request = new Request(priority, now, random.nextDouble() < errors);
                queue.add(request);
                if (patienceMillis < Double.MAX_VALUE) {
                    asked.add(request);
                }
                goAway();
                work();
            } else {
                refused.merge(priority, 1, Integer::sum);
            }
        }
        return new Result(seconds, times, offered, refused);
    }

    private void work() {
        while (atWork.size() < workers && !queue.isEmpty()) {
            Request request = queue.remove();
            // A part that is always there, and one that varies.
            double millis = serviceMillis * 0.5 + exponential(serviceMillis * 0.5);
            request.end = now + (long) (request.error ? 100_000 : millis * 1e6);
            atWork.add(request);
        }
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private Priority priority() {
        double dice = random.nextDouble();
        for (Map.Entry<Priority, Double> each : shares.entrySet()) {
            if (dice < each.getValue()) {
                return each.getKey();
            }
            dice -= each.getValue();
        }
        return Priority.NORMAL;
    }
}
