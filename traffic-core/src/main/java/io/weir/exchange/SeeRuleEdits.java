package io.weir.exchange;

/** Remembers whether request rules changed the fields of the request, for the cache. */
final class SeeRuleEdits implements Step {

    @Override
    public Next run(Exchange x) {
        x.rules().afterRequest();
        return Next.CONTINUE;
    }
}
