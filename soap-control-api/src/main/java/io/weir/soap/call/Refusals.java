package io.weir.soap.call;

import io.weir.config.load.Problem;
import io.weir.control.ControlProblem;
import io.weir.soap.table.FaultKind;

import java.util.List;

/** Makes faults of what the façade refuses. */
final class Refusals {

    private Refusals() {}

    static SoapProblem problem(ControlProblem refusal, Draft draft) {
        return switch (refusal) {
            case ControlProblem.NotFound missing -> missing(missing);
            case ControlProblem.Invalid invalid ->
                    SoapProblem.invalid(invalid.message(), "", invalid.thing(), invalid.found());
            case ControlProblem.BadConfiguration bad -> bad(bad, draft);
            case ControlProblem.NotApplied _,
                    ControlProblem.Shrinks _,
                    ControlProblem.Unavailable _ ->
                    SoapProblem.typed(FaultKind.DEPLOYMENT_ERROR, refusal.message(), "");
            case ControlProblem.Forbidden _, ControlProblem.Conflict _ ->
                    SoapProblem.notAllowed(refusal.message(), "");
        };
    }

    private static SoapProblem missing(ControlProblem.NotFound missing) {
        if (missing.kind().equals("node")) {
            String where = missing.where();
            String pool = where.startsWith("pool ") ? where.substring("pool ".length()) : "";
            return SoapProblem.invalid(
                    missing.message() + ": it does not exist", pool, "nodes", missing.name());
        }
        return SoapProblem.unknown(missing.kind(), missing.name());
    }

    private static SoapProblem bad(ControlProblem.BadConfiguration bad, Draft draft) {
        List<Problem> errors = bad.problems().stream().filter(Problem::isError).toList();
        if (errors.isEmpty()) {
            return SoapProblem.typed(FaultKind.DEPLOYMENT_ERROR, bad.message(), "");
        }
        Problem first = errors.getFirst();
        String path = first.path();
        String object = "";
        String key = path;
        int dot = path.indexOf('.');
        if (dot > 0) {
            String section = path.substring(0, dot);
            String rest = path.substring(dot + 1);
            for (String name : draft.names(section)) {
                boolean whole = rest.equals(name);
                if ((whole || rest.startsWith(name + ".")) && name.length() >= object.length()) {
                    object = name;
                    key = whole ? "" : rest.substring(name.length() + 1);
                }
            }
        }
        return SoapProblem.invalid(first.message(), object, key, draft.valueAt(path));
    }
}
