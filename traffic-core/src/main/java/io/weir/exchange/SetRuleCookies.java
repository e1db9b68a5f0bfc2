package io.weir.exchange;

import io.weir.http.FieldName;
import io.weir.http.ResponseHead;

/** Gives the client the cookies that request rules have set, whoever answers. */
final class SetRuleCookies implements Step {

    @Override
    public Next run(Exchange x) {
        ResponseHead head = x.response();
        if (head != null) {
            x.rules().takeCookies().forEach(cookie -> head.add(FieldName.SET_COOKIE, cookie));
        }
        return Next.CONTINUE;
    }
}
