package io.weir.exchange;

import io.weir.persist.PersistenceClasses;

/** Takes from the request what only concerns its session: no node sees the cookies of Weir. */
final class BeginSession implements Step {

    private final PersistenceClasses classes;

    BeginSession(PersistenceClasses classes) {
        this.classes = classes;
    }

    @Override
    public Next run(Exchange x) {
        x.session().begin(classes);
        return Next.CONTINUE;
    }
}
