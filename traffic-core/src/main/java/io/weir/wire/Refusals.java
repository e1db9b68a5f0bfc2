package io.weir.wire;

import io.weir.fault.TrafficFault;
import io.weir.http.Defect;

/**
 * Answers to requests of which no exchange is made, because their head cannot be understood, or did
 * not come in time. The connection ends behind them: what follows could be anything. Confined to
 * one event loop.
 */
final class Refusals {

    private final ClientHome home;
    private final HttpClientSide side;
    private final RequestReader request;

    /**
     * @param request reads the heads
     */
    Refusals(ClientHome home, HttpClientSide side, RequestReader request) {
        this.home = home;
        this.side = side;
        this.request = request;
    }

    /** The head is not one that a strict reader accepts. */
    void broken() {
        Defect defect = request.defect();
        TrafficFault fault = new TrafficFault.ClientBroke(defect.status(), defect.text());
        count(fault);
        side.refuse(home.server().errorPages().answer(fault));
    }

    /** The head has begun, and its end has not come in time. */
    void late() {
        late("the request head did not come within its time");
    }

    /** The head has begun, and others need the memory that it takes. */
    void givesWay() {
        late("the rest of the request head did not come, and others needed its memory");
    }

    private void late(String why) {
        count(new TrafficFault.ClientTimedOut(why));
        side.refuseLate();
    }

    private void count(TrafficFault fault) {
        home.server()
                .account()
                .refused(
                        home.context(),
                        home.client().refused(fault, "HTTP/1.1", request.refusedHead()));
        request.giveBackHead();
    }
}
