package io.weir.js;

import com.oracle.truffle.api.instrumentation.TruffleInstrument.Registration;
import com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider;

import java.util.Collection;
import java.util.List;

/** Lets the engine find {@link CountingInstrument}, by {@link java.util.ServiceLoader}. */
@Registration(
        id = CountingInstrument.ID,
        name = "What rules do",
        services = CountingInstrument.InForce.class)
public final class CountingInstrumentProvider extends TruffleInstrumentProvider {

    @Override
    protected String getInstrumentClassName() {
        return CountingInstrument.class.getName();
    }

    @Override
    protected Object create() {
        return new CountingInstrument();
    }

    @Override
    protected Collection<String> getServicesClassNames() {
        return List.of(CountingInstrument.InForce.class.getName());
    }
}
