package io.weir.control;

import java.time.Duration;
import java.util.List;

/**
 * What came of trying out the copy of the managed store.
 *
 * @param loss age of the oldest revision that the copy lacks, which would be lost now with all
 *     after it (RPO); zero when it lacks none
 * @param recovery time to fetch the copy and to load a configuration from it (RTO without the start
 *     of the process)
 * @param revision that was loaded
 * @param present the revision in force
 * @param missingSecrets names of secrets that the configuration refers to and the copy lacks
 */
public record BackupDrill(
        Duration loss,
        Duration recovery,
        long revision,
        long present,
        List<String> missingSecrets) {

    public BackupDrill {
        missingSecrets = List.copyOf(missingSecrets);
    }
}
