package io.weir.history;

import io.weir.history.Catalog.Column;
import io.weir.history.Reading.Value;
import io.weir.history.Series.Kind;
import io.weir.metrics.MetricSource;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The figures of the last 90 days. One thread of its own writes a row every ten seconds and makes
 * the coarser rows out of the finer ones; everybody may read. The files have a fixed size, which
 * limits the number of series. Safe for every thread but an event loop.
 *
 * <p>Each row is written once and has a checksum: after a crash at any point the files are as they
 * were, but for the row under way. Coarse rows that are missing then are made at the next start.
 */
public final class History implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    /** Most points of one line. */
    static final int MOST_POINTS = 10_000;

    /** Bytes of a series in the catalog, as a rule. */
    private static final int LINE = 256;

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long HOUR = Duration.ofHours(1).toSeconds();

    private final MetricSource source;
    private final Ticker ticker;
    private final Consumer<@Nullable String> trouble;
    private final int columns;
    private final Catalog catalog;
    private final List<RingFile> rings;
    private final Thread writer;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<String, Double> counters = new HashMap<>();
    private final float[] row;
    private final float[] sums;
    private final int[] numbers;
    private long countedAt;
    private long searchedHour;
    private int leftOut;
    private boolean failing;

    /** The figures as they were read last for somebody who looks, and when; null before. */
    private volatile @Nullable Moment latest;

    private record Moment(Reading reading, long nanos, Instant time) {}

    private History(
            MetricSource source,
            Ticker ticker,
            Consumer<@Nullable String> trouble,
            int columns,
            Catalog catalog,
            List<RingFile> rings) {
        this.source = source;
        this.ticker = ticker;
        this.trouble = trouble;
        this.columns = columns;
        this.catalog = catalog;
        this.rings = rings;
        this.row = new float[columns];
        this.sums = new float[columns];
        this.numbers = new int[columns];
        this.writer = Thread.ofPlatform().daemon().name("weir-history").unstarted(this::write);
    }

    /**
     * Opens the files in {@code directory}, or makes them.
     *
     * @param size bytes of all files together
     * @param source is read by the thread of the history
     * @param trouble told in one clause what does not work, and null when all is well again
     * @throws IOException when the files cannot be used
     */
    public static History open(
            Path directory,
            long size,
            MetricSource source,
            Ticker ticker,
            Consumer<@Nullable String> trouble)
            throws IOException {
        Files.createDirectories(directory);
        int columns = columns(size);
        Catalog catalog = Catalog.open(directory.resolve("series"), columns);
        List<RingFile> rings = new ArrayList<>();
        try {
            for (Resolution each : Resolution.ALL) {
                Path file = directory.resolve("every-" + each.stepSeconds() + "s");
                if (catalog.width() == 0) {
                    // Nobody knows whose values are in there.
                    Files.deleteIfExists(file);
                }
                rings.add(RingFile.open(file, each, columns));
            }
        } catch (IOException e) {
            for (RingFile each : rings) {
                each.close();
            }
            throw e;
        }
        return new History(source, ticker, trouble, columns, catalog, rings);
    }

    /** How many series fit into {@code size} bytes. */
    static int columns(long size) {
        long rows = Resolution.ALL.stream().mapToLong(Resolution::rows).sum();
        long left = size - rows * RingFile.ROW_HEADER - 4096;
        return Math.clamp(left / (rows * Float.BYTES + LINE), 1, 100_000);
    }

    /** Begins to write. */
    public void start() {
        writer.start();
    }

    private void write() {
        long step = Duration.ofSeconds(Resolution.ALL.getFirst().stepSeconds()).toMillis();
        try {
            while (true) {
                long now = ticker.now().toEpochMilli();
                if (ended.await(step - Math.floorMod(now, step), TimeUnit.MILLISECONDS)) {
                    return;
                }
                sample();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes the row of this moment. */
    void sample() {
        Reading reading = new Reading();
        source.collect(reading);
        long now = ticker.now().getEpochSecond();
        try {
            synchronized (this) {
                take(reading, now);
                for (int i = 1; i < rings.size(); i++) {
                    condense(rings.get(i - 1), rings.get(i), now);
                }
            }
            report();
        } catch (IOException | RuntimeException e) {
            failing = true;
            LOG.debug("figures could not be written", e);
            trouble.accept("figures cannot be kept: " + e.getMessage());
        }
    }

    private void report() {
        if (leftOut > 0) {
            failing = true;
            trouble.accept(
                    leftOut
                            + " figures have no history: there is room for "
                            + columns
                            + "; more with global.history.size");
        } else if (failing) {
            failing = false;
            trouble.accept(null);
        }
    }

    private void take(Reading reading, long now) throws IOException {
        RingFile finest = rings.getFirst();
        long second = finest.resolution().floor(now);
        boolean added = false;
        leftOut = 0;
        Set<String> live = reading.values().keySet();
        Arrays.fill(row, Float.NaN);
        Map<String, Double> before = new HashMap<>(counters);
        counters.clear();
        for (Map.Entry<String, Value> each : reading.values().entrySet()) {
            Series series = each.getValue().series();
            Column column = catalog.find(each.getKey());
            if (column == null) {
                column = place(series, second, live);
                added |= column != null;
            }
            double value = each.getValue().value();
            if (series.kind() == Kind.COUNTER) {
                counters.put(series.id(), value);
                value = rate(before.get(series.id()), value, now);
            }
            if (column == null) {
                leftOut++;
            } else {
                row[column.number()] = (float) value;
            }
        }
        countedAt = now;
        if (added) {
            catalog.save();
        }
        finest.write(second, row, catalog.width());
    }

    private double rate(@Nullable Double before, double now, long second) {
        // A count that has fallen belongs to something that began anew.
        return before == null || now < before || second <= countedAt
                ? Double.NaN
                : (now - before) / (second - countedAt);
    }

    private @Nullable Column place(Series series, long now, Set<String> live) throws IOException {
        if (catalog.hasRoom()) {
            return catalog.add(series, now);
        }
        if (now / HOUR == searchedHour) {
            // Nothing was over a while ago, and looking through the files takes time.
            return null;
        }
        RingFile coarsest = rings.getLast();
        for (Column each : catalog.all()) {
            if (!live.contains(each.series().id()) && over(each, coarsest, now)) {
                return catalog.replace(each, series, now);
            }
        }
        searchedHour = now / HOUR;
        return null;
    }

    /** Whether a series has had no value for as long as anything is kept. */
    private static boolean over(Column column, RingFile coarsest, long now) throws IOException {
        Resolution resolution = coarsest.resolution();
        long second = resolution.floor(now);
        if (column.since() > second - resolution.spanSeconds()) {
            return false;
        }
        for (int i = 0; i < resolution.rows(); i++) {
            if (!Float.isNaN(coarsest.value(second, column.number()))) {
                return false;
            }
            second -= resolution.stepSeconds();
        }
        return true;
    }

    /** Makes the rows of {@code coarse} whose time is over out of those of {@code fine}. */
    private void condense(RingFile fine, RingFile coarse, long now) throws IOException {
        Resolution to = coarse.resolution();
        long end = to.floor(now);
        long oldest = to.floor(now - fine.resolution().spanSeconds()) + to.stepSeconds();
        for (long second = oldest; second < end; second += to.stepSeconds()) {
            if (!coarse.has(second)) {
                condense(fine, coarse, second, to.stepSeconds());
            }
        }
    }

    private void condense(RingFile fine, RingFile coarse, long second, int length)
            throws IOException {
        int width = catalog.width();
        Arrays.fill(sums, 0, width, Float.NaN);
        Arrays.fill(numbers, 0, width, 0);
        int step = fine.resolution().stepSeconds();
        List<Column> all = catalog.all();
        boolean found = false;
        for (long at = second; at < second + length; at += step) {
            if (!fine.has(at)) {
                continue;
            }
            found = true;
            fine.values(at, row);
            for (Column each : all) {
                float value = row[each.number()];
                if (!Float.isNaN(value) && at >= each.since()) {
                    int i = each.number();
                    float so = numbers[i]++ == 0 ? 0 : sums[i];
                    sums[i] =
                            each.series().kind() == Kind.QUANTILE
                                    ? Math.max(so, value)
                                    : so + value;
                }
            }
        }
        if (found) {
            for (Column each : all) {
                int i = each.number();
                if (each.series().kind() != Kind.QUANTILE && numbers[i] > 0) {
                    sums[i] /= numbers[i];
                }
            }
            coarse.write(second, sums, width);
        }
    }

    // ---- reading

    /**
     * Figures of one moment.
     *
     * @param values by id of the series, of counters the count itself; without those that have none
     *     now
     */
    public record Present(Instant time, Map<String, Double> values) {
        public Present {
            values = Map.copyOf(values);
        }
    }

    /** The figures of some series now, as of half a second ago at most. */
    public Present now(List<String> ids) {
        Moment known = latest;
        long nanos = ticker.nanos();
        if (known == null || nanos - known.nanos() >= FRESH_NANOS) {
            Reading reading = new Reading();
            source.collect(reading);
            known = new Moment(reading, nanos, ticker.now());
            latest = known;
        }
        Map<String, Double> values = new HashMap<>();
        for (String id : ids) {
            Value value = known.reading().values().get(id);
            if (value != null && Double.isFinite(value.value())) {
                values.put(id, value.value());
            }
        }
        return new Present(known.time(), values);
    }

    /** Every series that has, or has had, values. */
    public synchronized List<Series> series() {
        return catalog.all().stream().map(Column::series).toList();
    }

    /** Those of {@code ids} that are no series. */
    public synchronized List<String> unknown(List<String> ids) {
        return ids.stream().filter(id -> catalog.find(id) == null).toList();
    }

    /**
     * The values of some series: for each step the average of what was kept in it, of quantiles the
     * highest. Ids of no series are passed over.
     *
     * @param to null for now
     * @param from null for an hour before {@code to}
     * @param points about how many steps; steps are never finer than what is kept
     */
    public Chart read(List<String> ids, @Nullable Instant from, @Nullable Instant to, int points)
            throws IOException {
        long now = ticker.now().getEpochSecond();
        long end = to == null ? now : Math.min(now, to.getEpochSecond());
        long oldest = now - Resolution.ALL.getLast().spanSeconds();
        long begin = Math.max(oldest, from == null ? end - 3600 : from.getEpochSecond());
        long wanted = Math.ceilDiv(Math.max(1, end - begin), Math.clamp(points, 1, MOST_POINTS));
        int finest = keptAt(begin, now).stepSeconds();
        long step = Math.ceilDiv(Math.max(wanted, finest), finest) * finest;
        long first = Math.floorDiv(begin, step) * step;
        List<Chart.Line> lines = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            synchronized (this) {
                Column column = catalog.find(id);
                if (column != null && seen.add(id)) {
                    lines.add(new Chart.Line(id, line(column, first, end, step, now)));
                }
            }
        }
        long steps = Math.max(0, Math.ceilDiv(end - first, step));
        return new Chart(
                Instant.ofEpochSecond(first),
                Instant.ofEpochSecond(first + steps * step),
                Duration.ofSeconds(step),
                lines);
    }

    /** The finest resolution in which {@code second} is kept. */
    private static Resolution keptAt(long second, long now) {
        for (Resolution each : Resolution.ALL) {
            if (second > now - each.spanSeconds()) {
                return each;
            }
        }
        return Resolution.ALL.getLast();
    }

    private List<Double> line(Column column, long first, long end, long step, long now)
            throws IOException {
        List<Double> values = new ArrayList<>();
        boolean highest = column.series().kind() == Kind.QUANTILE;
        for (long at = first; at < end; at += step) {
            Resolution kept = keptAt(at, now);
            RingFile ring = rings.get(Resolution.ALL.indexOf(kept));
            double sum = 0;
            int number = 0;
            for (long i = kept.floor(at); i < at + step; i += kept.stepSeconds()) {
                float value =
                        i > column.since() - kept.stepSeconds()
                                ? ring.value(i, column.number())
                                : Float.NaN;
                if (!Float.isNaN(value)) {
                    sum = highest ? Math.max(sum, value) : sum + value;
                    number++;
                }
            }
            values.add(number == 0 ? Double.NaN : highest ? sum : sum / number);
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        ended.countDown();
        try {
            if (writer.isAlive()) {
                var _ = writer.join(Duration.ofSeconds(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            for (RingFile each : rings) {
                each.close();
            }
        }
    }
}
