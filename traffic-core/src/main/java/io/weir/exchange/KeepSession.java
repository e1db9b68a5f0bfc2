package io.weir.exchange;

import io.weir.http.ResponseHead;

/** Notes the session that an answer begins, and gives the client the cookie that names its node. */
final class KeepSession implements Step {

    @Override
    public Next run(Exchange x) {
        ResponseHead head = x.response();
        if (head != null && x.answer().isOfNode()) {
            x.session().keep(head);
        }
        return Next.CONTINUE;
    }
}
