package io.weir.exchange;

import io.weir.http.FieldName;
import io.weir.http.ResponseHead;

import java.util.List;

/** Hides fields from clients that Weir itself has to read, whether a node answers or the store. */
final class HideFields implements Step {

    private final List<FieldName> names;

    HideFields(List<FieldName> names) {
        this.names = names;
    }

    @Override
    public Next run(Exchange x) {
        ResponseHead head = x.response();
        if (head != null) {
            names.forEach(head::remove);
        }
        return Next.CONTINUE;
    }
}
