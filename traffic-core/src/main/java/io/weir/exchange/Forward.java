package io.weir.exchange;

/**
 * Gets a connection to the chosen node and sends the request on it; the exchange goes on when the
 * answer of the node begins.
 */
final class Forward implements Step {

    @Override
    public Next run(Exchange x) {
        x.attempts().connect();
        return Next.WAIT;
    }
}
