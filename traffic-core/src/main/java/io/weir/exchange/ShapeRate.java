package io.weir.exchange;

import io.weir.config.RateConfig;
import io.weir.rate.RateClass;
import io.weir.rate.Turn;
import io.weir.rate.Turn.Outcome;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
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
        String whose = whose(x.client().remote());
        Turn turn =
                rate.use(
                        whose,
                        x.context().executor(),
                        outcome -> {
                            x.context().tick();
                            x.record().turnNanos = x.context().nanos();
                            x.proceed(after(outcome, whose));
                        });
        return next(turn, whose, x::awaits);
    }

    /** The same for a stream. */
    Next run(StreamExchange x) {
        String whose = whose(x.clientAddress());
        Turn turn =
                rate.use(
                        whose,
                        x.context().executor(),
                        outcome -> {
                            x.context().tick();
                            x.record().turnNanos = x.context().nanos();
                            x.proceed(after(outcome, whose));
                        });
        return next(turn, whose, x::awaits);
    }

    /** Whose rate the client uses: its address, or null for that of all. */
    private @Nullable String whose(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        return context == RateConfig.Context.CLIENT_ADDRESS && address != null
                ? address.getHostAddress()
                : null;
    }

    private Next next(Turn turn, @Nullable String whose, Consumer<Turn> awaits) {
        Outcome now = turn.atOnce();
        if (now != null) {
            return after(now, whose);
        }
        awaits.accept(turn);
        return Next.WAIT;
    }

    private Next after(Outcome outcome, @Nullable String whose) {
        return switch (outcome) {
            case PASSED -> Next.CONTINUE;
            case REFUSED -> new Next.Fail(rate.refusal(whose));
        };
    }
}
