package io.weir.exchange;

/** Sends the head of the response to the client, and the body as it comes. */
final class Reply implements Step {

    @Override
    public Next run(Exchange x) {
        x.answer().send();
        return Next.WAIT;
    }
}
