package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.protect.Protection;
import io.weir.protect.Refusal;

import org.jspecify.annotations.Nullable;

/** Asks the protection class about a request, as the client sent it. */
final class Protect implements Step {

    private final Protection protection;

    Protect(Protection protection) {
        this.protection = protection;
    }

    @Override
    public Next run(Exchange x) {
        ClientSide client = x.client();
        Refusal refusal =
                protection.request(
                        client.remote().getAddress(),
                        client.firstRequest(),
                        x.request(),
                        x.requestLength());
        return refusal == null ? Next.CONTINUE : new Next.Fail(fault(refusal));
    }

    /** What is wrong with a request whose body has become too long; null when it may go on. */
    static @Nullable TrafficFault bodyTooLong(Exchange x) {
        Protection protection = x.server().classes().protection();
        Refusal refusal =
                protection == null
                        ? null
                        : protection.bodyTooLong(x.client().remote().getAddress());
        return refusal == null ? null : fault(refusal);
    }

    private static TrafficFault fault(Refusal refusal) {
        return new TrafficFault.Protected(
                refusal.status(), refusal.answered(), refusal.retryAfterSeconds(), refusal.text());
    }
}
