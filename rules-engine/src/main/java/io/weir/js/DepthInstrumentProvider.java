package io.weir.js;

import com.oracle.truffle.api.instrumentation.TruffleInstrument.Registration;
import com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider;

import java.util.Collection;
import java.util.List;

/** Lets the engine find {@link DepthInstrument}, by {@link java.util.ServiceLoader}. */
@Registration(
        id = DepthInstrument.ID,
        name = "Depth of calls",
        services = DepthInstrument.InForce.class)
public final class DepthInstrumentProvider extends TruffleInstrumentProvider {

    @Override
    protected String getInstrumentClassName() {
        return DepthInstrument.class.getName();
    }

    @Override
    protected Object create() {
        return new DepthInstrument();
    }

    @Override
    protected Collection<String> getServicesClassNames() {
        return List.of(DepthInstrument.InForce.class.getName());
    }
}
