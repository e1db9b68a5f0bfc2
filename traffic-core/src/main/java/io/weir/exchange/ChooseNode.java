package io.weir.exchange;

/** Takes a node from the pool, or a place in the pool's queue; a session has its own node. */
final class ChooseNode implements Step {

    @Override
    public Next run(Exchange x) {
        return x.attempts().choose();
    }
}
