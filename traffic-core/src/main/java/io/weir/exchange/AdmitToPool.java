package io.weir.exchange;

import io.weir.admit.Admission;

import java.util.Map;

/** Refuses requests that the pool, which rules may have chosen, cannot answer in good time. */
final class AdmitToPool implements Step {

    private final Map<String, Admission> admissions;

    /**
     * @param admissions by the pool's name
     */
    AdmitToPool(Map<String, Admission> admissions) {
        this.admissions = admissions;
    }

    @Override
    public Next run(Exchange x) {
        String pool = x.pool().name();
        Admission of = admissions.get(pool);
        return of == null || x.places().take(of)
                ? Next.CONTINUE
                : Admit.refuse(x, "pool " + pool + " has no room");
    }
}
