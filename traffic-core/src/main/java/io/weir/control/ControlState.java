package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.control.ControlStatus.Configuration;

import java.nio.file.Path;
import java.util.List;

/**
 * All that {@link Control} changes, swapped whole.
 *
 * @param watched what the latest attempt read
 * @param tried hash of the content that was tried last, with success or without
 */
record ControlState(
        WeirConfig config,
        Configuration configuration,
        Overlay overlay,
        long overlayRevision,
        List<Path> watched,
        String tried,
        boolean stopping) {

    ControlState with(Overlay next) {
        return new ControlState(
                config, configuration, next, overlayRevision + 1, watched, tried, stopping);
    }

    ControlState with(WeirConfig nextConfig, Configuration next, ConfigSource.Candidate candidate) {
        return new ControlState(
                nextConfig,
                next,
                overlay,
                overlayRevision,
                candidate.watched(),
                candidate.hash(),
                stopping);
    }

    ControlState refused(ControlProblem problem, ConfigSource.Candidate candidate) {
        return with(config, configuration.refused(problem), candidate);
    }

    ControlState stop() {
        return new ControlState(
                config, configuration, overlay, overlayRevision, watched, tried, true);
    }
}
