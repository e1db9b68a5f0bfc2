package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.runtime.DataPlane;

/** Makes a running data plane out of a configuration. */
@FunctionalInterface
public interface DataPlaneStarter {

    /**
     * Starts a data plane that listens when this returns. Nothing is left open when it throws.
     *
     * @throws RefusedException when a listener cannot be bound
     */
    DataPlane start(WeirConfig config, Overlay overlay) throws RefusedException;
}
