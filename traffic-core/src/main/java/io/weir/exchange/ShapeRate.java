package io.weir.exchange;

import io.weir.config.RateConfig;
import io.weir.fault.TrafficFault;
import io.weir.rate.RateClass;
import io.weir.rate.Turn;
import io.weir.rate.Turn.Outcome;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Has requests wait for their turn at the rate class of the virtual server. */
final class ShapeRate implements Step {

    private final RateClass rate;
    private final RateConfig.Context context;

    ShapeRate(RateClass rate, RateConfig.Context context) {
        this.rate = rate;
        this.context = context;
    }

    @Override
    public Next run(Exchange x) {
        return next(
                use(
                        x.client().remote(),
                        x.context().executor(),
                        outcome -> {
                            x.context().tick();
                            x.record().turnNanos = x.context().nanos();
                            x.proceed(after(outcome));
                        }),
                x::awaits);
    }

    /** The same for a stream. */
    Next run(StreamExchange x) {
        return next(
                use(
                        x.clientAddress(),
                        x.context().executor(),
                        outcome -> {
                            x.context().tick();
                            x.record().turnNanos = x.context().nanos();
                            x.proceed(after(outcome));
                        }),
                x::awaits);
    }

    private Turn use(InetSocketAddress client, Executor loop, Consumer<Outcome> later) {
        InetAddress address = client.getAddress();
        boolean own = context == RateConfig.Context.CLIENT_ADDRESS && address != null;
        return rate.use(own ? address.getHostAddress() : null, loop, later);
    }

    private Next next(Turn turn, Consumer<Turn> awaits) {
        Outcome now = turn.atOnce();
        if (now != null) {
            return after(now);
        }
        awaits.accept(turn);
        return Next.WAIT;
    }

    private Next after(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> Next.CONTINUE;
            case REFUSED -> new Next.Fail(fault());
        };
    }

    private TrafficFault fault() {
        boolean own = context == RateConfig.Context.CLIENT_ADDRESS;
        String note = own ? " from this address" : "";
        return new TrafficFault.RateLimited(
                own ? 429 : 503,
                "more requests" + note + " than rate class " + rate.config().name() + " lets pass");
    }
}
