package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigDocument;
import io.weir.control.ControlStatus.Configuration;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * All that {@link Control} changes, swapped whole.
 *
 * @param watched what the latest attempt read
 * @param tried hash of the content that was tried last, with success or without
 * @param document the configuration in force as it was written; null when that is not known
 */
record ControlState(
        WeirConfig config,
        Configuration configuration,
        Overlay overlay,
        long overlayRevision,
        List<Path> watched,
        String tried,
        @Nullable ConfigDocument document,
        boolean stopping) {

    ControlState with(Overlay next) {
        return new ControlState(
                config,
                configuration,
                next,
                overlayRevision + 1,
                watched,
                tried,
                document,
                stopping);
    }

    ControlState with(WeirConfig nextConfig, Configuration next, ConfigSource.Candidate candidate) {
        return new ControlState(
                nextConfig,
                next,
                overlay,
                overlayRevision,
                candidate.watched(),
                candidate.hash(),
                candidate.document(),
                stopping);
    }

    ControlState refused(ControlProblem problem, ConfigSource.Candidate candidate, Instant now) {
        return new ControlState(
                config,
                configuration.refused(problem, now),
                overlay,
                overlayRevision,
                candidate.watched(),
                candidate.hash(),
                document,
                stopping);
    }

    ControlState stop() {
        return new ControlState(
                config, configuration, overlay, overlayRevision, watched, tried, document, true);
    }
}
