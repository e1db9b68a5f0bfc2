package io.weir.rest;

import io.weir.control.Control;
import io.weir.control.ExtensionContext;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** The whole API as one table; its description is made from the table. */
final class Api {

    private Api() {}

    static List<Operation> operations(ExtensionContext context) {
        Control control = context.control();
        Sections sections = Sections.read();
        List<Operation> all = new ArrayList<>();
        all.addAll(new ConfigApi(control, sections).operations());
        all.addAll(new ChangesApi(control, sections).operations());
        all.addAll(new StatusApi(control, context.ticker()).operations());
        all.addAll(new ResourcesApi(control).operations());
        all.addAll(
                new CertificatesApi(control, context.ticker(), new SecureRandom()).operations());
        all.addAll(new RuleTrialsApi().operations());
        all.addAll(new LogsApi(context.directories().log()).operations());
        all.addAll(new StreamsApi(control, context.events()).operations());
        all.addAll(new UsersApi(context.users(), context.ticker()).operations());
        String description = OpenApi.describe(all, sections);
        all.add(
                Operation.get(
                        "describe",
                        "/openapi.json",
                        "",
                        "This description",
                        r -> io.weir.admin.AdminResponse.json(200, description)));
        return all;
    }
}
