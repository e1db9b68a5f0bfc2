package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.KeptConfig;
import io.weir.control.store.LastGood;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * The configuration that a Weir starts with: what the source has now or, if that is refused, the
 * last good one.
 *
 * @param read what the source has now
 * @param chosen what is in force
 * @param refusal why {@code chosen} is the last good configuration; null when it is not
 */
record FirstConfiguration(
        DataPlane plane,
        WeirConfig config,
        ConfigSource.Candidate read,
        ConfigSource.Candidate chosen,
        @Nullable ControlProblem refusal) {

    static FirstConfiguration start(
            ConfigSource source,
            DataPlaneStarter starter,
            Overlay overlay,
            @Nullable LastGood lastGood)
            throws RefusedException {
        ConfigSource.Candidate read = source.read();
        RefusedException refusal;
        try {
            WeirConfig config = valid(source, read);
            DataPlane plane = started(starter, config, overlay);
            return new FirstConfiguration(plane, config, read, read, null);
        } catch (RefusedException e) {
            refusal = e;
        }
        LastGood.Kept good = lastGood == null ? null : lastGood.load(source.name());
        Supplier<KeptConfig> same = read.kept();
        if (good == null || (same != null && good.config().equals(same.get()))) {
            throw refusal;
        }
        ConfigSource.Candidate chosen = source.restore(good.config());
        WeirConfig config = chosen.config();
        if (config == null) {
            throw refusal;
        }
        try {
            DataPlane plane = started(starter, config, overlay);
            return new FirstConfiguration(plane, config, read, chosen, refusal.problem());
        } catch (RefusedException e) {
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    /** A configuration that makes Weir fail is as bad as one that is refused. */
    private static DataPlane started(DataPlaneStarter starter, WeirConfig config, Overlay overlay)
            throws RefusedException {
        try {
            return starter.start(config, overlay);
        } catch (RuntimeException e) {
            throw RefusedException.madeFail(e);
        }
    }

    static WeirConfig valid(ConfigSource source, ConfigSource.Candidate candidate)
            throws RefusedException {
        WeirConfig config = candidate.config();
        if (config == null) {
            throw new RefusedException(
                    new ControlProblem.BadConfiguration(source.name(), candidate.problems()));
        }
        return config;
    }
}
