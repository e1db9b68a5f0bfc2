package io.weir.alert.receiver;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.event.Severity;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an event begins or ends. A problem and its end have the same key, so that a service that
 * keeps incidents opens and closes one and the same.
 *
 * @param key the same for every event about the same problem of the same objects of this machine
 * @param open whether the event begins the incident, or tells of it again
 */
record Incident(String key, boolean open) {

    /** The problem that each recovery ends (ZXTM's pairs). */
    private static final Map<String, String> ENDS =
            Map.of(
                    "nodeworking", "nodefail",
                    "poolok", "pooldied",
                    "monitorok", "monitorfail",
                    "slmrecoveredwarn", "slmfallenbelowwarn",
                    "slmrecoveredserious", "slmfallenbelowserious",
                    "confok", "confrefused",
                    "actionok", "actionfail",
                    "thresholdcleared", "thresholdcrossed");

    /** Longer keys are replaced by their hash; PagerDuty takes 255 characters. */
    private static final int LONGEST = 200;

    /** The incident of an event; null when it is neither a problem nor the end of one. */
    static @Nullable Incident of(Event event, String machine) {
        String tag = event.tag().keyword();
        String problem = ENDS.get(tag);
        boolean open = problem == null;
        if (open && event.severity() == Severity.INFO && event.tag() != EventTag.TESTACTION) {
            return null;
        }
        String key =
                machine
                        + ":"
                        + (open ? tag : problem)
                        + ":"
                        + event.objects().stream()
                                .filter(object -> tells(event.tag(), object))
                                .map(ObjectRef::toString)
                                .collect(Collectors.joining(","));
        return new Incident(key.length() > LONGEST ? hash(key) : key, open);
    }

    /** A class that falls names the nodes that are slow, and one that recovers names none. */
    private static boolean tells(EventTag tag, ObjectRef object) {
        return !tag.section().equals("slm") || object.section().equals("slm");
    }

    private static String hash(String key) {
        try {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
