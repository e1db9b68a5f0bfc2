package io.weir.alert;

import io.weir.event.Event;
import io.weir.event.ObjectRef;
import io.weir.log.LineFile;
import io.weir.log.LogDirectory;
import io.weir.log.PlainText;
import io.weir.time.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/**
 * The event log: a file with one line per event, tab-separated as in ZXTM: time, severity, objects
 * (main one first, separated by commas, {@code -} for none), tag, text.
 *
 * <p>When the file reaches its size it becomes {@code file.1}, that one {@code file.2} and so on;
 * the oldest is deleted. When it cannot be written, lines are held back as {@link LineFile} does.
 */
final class EventLogAction implements Action, LineFile.Watcher {

    /** Size from which a new file is begun. */
    static final long MAX_BYTES = 10L * 1024 * 1024;

    /** Full files that are kept beside the present one. */
    static final int KEPT_FILES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(EventLogAction.class);

    /** Longer lines are cut; no event of Weir is near this. */
    private static final int MAX_CHARACTERS = 8192;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final LineFile file;
    private final long maxBytes;
    private final int keptFiles;

    EventLogAction(Path directory, String file, long maxBytes, int keptFiles, Ticker ticker) {
        Path name = LogDirectory.relative("event log \"" + file + "\"", file);
        this.file =
                new LineFile(directory.toAbsolutePath().normalize().resolve(name), ticker, this);
        this.maxBytes = maxBytes;
        this.keptFiles = keptFiles;
    }

    @Override
    public String name() {
        return "eventlog";
    }

    @Override
    public void run(Event event) {
        file.checkGone();
        byte[] line = line(event).getBytes(StandardCharsets.UTF_8);
        if (file.tryOpen() && file.size() > 0 && file.size() + line.length > maxBytes) {
            beginNewFile();
        }
        file.add(line, 0, line.length);
        file.write();
    }

    /** Whether the next line would be written and not held back. */
    boolean isWritable() {
        file.checkGone();
        idle();
        return !file.isFailing() && file.tryOpen();
    }

    /** Where the file is. */
    Path path() {
        return file.path();
    }

    @Override
    public void idle() {
        if (file.isFailing()) {
            file.write();
        }
    }

    @Override
    public void close() {
        file.write();
        if (file.held() > 0) {
            LOG.error("{} lines of the event log {} are lost", file.held(), file.path());
        }
        file.close();
    }

    /** The line of an event, without line end. */
    static String line(Event event) {
        String objects =
                event.objects().stream()
                        .map(EventLogAction::object)
                        .collect(Collectors.joining(","));
        StringBuilder line =
                new StringBuilder(256)
                        .append(TIME.format(event.time()))
                        .append('\t')
                        .append(event.severity())
                        .append('\t')
                        .append(objects.isEmpty() ? "-" : objects)
                        .append('\t')
                        .append(event.tag().keyword())
                        .append('\t');
        PlainText.append(event.text(), line);
        if (line.length() > MAX_CHARACTERS) {
            line.setLength(MAX_CHARACTERS);
            line.append("...");
        }
        return line.toString();
    }

    /** An object; a comma in its name must not look like the next object. */
    private static String object(ObjectRef object) {
        return PlainText.of(object.toString()).replace(",", "\\u002c");
    }

    private void beginNewFile() {
        file.close();
        try {
            for (int i = keptFiles; i > 0; i--) {
                Path from = i == 1 ? file.path() : numbered(i - 1);
                if (Files.exists(from)) {
                    Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            // Better a file that is too long than an event that is lost.
            LOG.warn("event log {} could not begin a new file: {}", file.path(), e.toString());
        }
    }

    private Path numbered(int i) {
        return file.path().resolveSibling(file.path().getFileName() + "." + i);
    }

    @Override
    public void failed(Path path, String problem) {
        LOG.error("event log {} cannot be written: {}; lines are held back", path, problem);
    }

    @Override
    public void recovered(Path path, Duration outage, long dropped) {
        LOG.info(
                "event log {} is written again after {} s; {} lines were dropped",
                path,
                outage.toSeconds(),
                dropped);
    }
}
