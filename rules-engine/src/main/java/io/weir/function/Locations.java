package io.weir.function;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where addresses are, by a file in MaxMind's format that is read whole into memory, and again when
 * another one has taken its place. Safe for every thread.
 */
public final class Locations {

    private static final Logger LOG = LoggerFactory.getLogger(Locations.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Waiting waiting;
    private final Ticker ticker;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Loaded loaded;
    private volatile long lookAt;

    /** A file as it was read; without a reader when there was none, or it was no database. */
    private record Loaded(@Nullable Path file, String stamp, @Nullable Reader reader) {}

    /** A place, with empty texts and NaN for what is not known. */
    record Place(
            String city,
            String country,
            String countryCode,
            String region,
            String regionCode,
            double latitude,
            double longitude) {

        static final Place UNKNOWN = new Place("", "", "", "", "", Double.NaN, Double.NaN);
    }

    public Locations(Waiting waiting, Ticker ticker) {
        this.waiting = waiting;
        this.ticker = ticker;
        this.loaded = new Loaded(null, "", null);
        this.lookAt = ticker.nanos();
    }

    /**
     * Reads the file unless it has been read; what was read before stays when that fails.
     *
     * @param file null for none
     */
    public void use(@Nullable Path file) {
        if (file == null) {
            loaded = new Loaded(null, "", null);
            return;
        }
        Loaded before = loaded;
        String stamp = "";
        Reader reader = file.equals(before.file()) ? before.reader() : null;
        try {
            stamp = Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
            if (file.equals(before.file()) && stamp.equals(before.stamp())) {
                return;
            }
            reader = reader(file);
        } catch (IOException | RuntimeException e) {
            LOG.warn("the location database {} cannot be read: {}", file, e.toString());
        }
        loaded = new Loaded(file, stamp, reader);
    }

    private static Reader reader(Path file) throws IOException {
        return new Reader(file.toFile(), Reader.FileMode.MEMORY, new CHMCache());
    }

    /** Why {@code file} is no database; null when it is one. */
    public static @Nullable String problem(Path file) {
        try (Reader reader = reader(file)) {
            return reader.getMetadata().nodeCount() > 0 ? null : "there is nothing in it";
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    /**
     * Where {@code address} is; never waits.
     *
     * @param file that is in force; another one is read in the background
     */
    Place of(InetAddress address, @Nullable Path file) {
        Loaded now = loaded;
        if (file == null) {
            return Place.UNKNOWN;
        }
        if (!file.equals(now.file()) || ticker.nanos() - lookAt >= 0) {
            lookAgain(file);
        }
        Reader reader = file.equals(now.file()) ? now.reader() : null;
        if (reader == null) {
            return Place.UNKNOWN;
        }
        try {
            Map<?, ?> found = reader.get(address, Map.class);
            return found == null ? Place.UNKNOWN : place(found);
        } catch (IOException | RuntimeException e) {
            // A damaged part of the file: the rest is good.
            return Place.UNKNOWN;
        }
    }

    private void lookAgain(Path file) {
        if (looking.compareAndSet(false, true)) {
            lookAt = ticker.nanos() + LOOK_NANOS;
            waiting.blocking(
                    () -> {
                        try {
                            use(file);
                        } finally {
                            looking.set(false);
                        }
                    });
        }
    }

    private static Place place(Map<?, ?> found) {
        Map<?, ?> country = map(found.get("country"));
        Map<?, ?> region =
                found.get("subdivisions") instanceof List<?> parts && !parts.isEmpty()
                        ? map(parts.getFirst())
                        : Map.of();
        Map<?, ?> at = map(found.get("location"));
        return new Place(
                name(map(found.get("city"))),
                name(country),
                text(country.get("iso_code")),
                name(region),
                text(region.get("iso_code")),
                number(at.get("latitude")),
                number(at.get("longitude")));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String name(Map<?, ?> thing) {
        return text(map(thing.get("names")).get("en"));
    }

    /** As rules keep texts: the bytes in UTF-8. */
    private static String text(@Nullable Object value) {
        return value instanceof String text
                ? Bytes.text(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                : "";
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }
}
