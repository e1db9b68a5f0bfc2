package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.control.Control;
import io.weir.control.ExtensionContext;
import io.weir.control.store.Json;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The whole API as one table; its description is made from the table. */
final class Api {

    private Api() {}

    static List<Operation> operations(ExtensionContext context) {
        Control control = context.control();
        Sections sections = Sections.read();
        List<Operation> all = new ArrayList<>();
        all.add(
                Operation.get(
                        "listApis", "/", "", "The interfaces that there are", r -> interfaces()));
        all.addAll(new ConfigApi(control, sections).operations());
        all.addAll(new ChangesApi(control, sections).operations());
        all.addAll(new StatusApi(control, context.ticker()).operations());
        all.addAll(new InstancesApi(control, new OtherInstances(), context.ticker()).operations());
        all.addAll(new ResourcesApi(control).operations());
        all.addAll(new CertificatesApi(control, context.ticker(), new SecureRandom()).operations());
        all.addAll(new RuleTrialsApi().operations());
        all.addAll(new LogsApi(context.directories().log()).operations());
        all.addAll(new TrafficApi(control.traffic()).operations());
        all.addAll(new RecordsApi(control, context.directories().log()).operations());
        all.addAll(new StreamsApi(control, context.directories().log()).operations());
        all.addAll(new AlertsApi(control).operations());
        all.addAll(new RulesApi().operations());
        all.addAll(new ProcessApi(context).operations());
        all.addAll(new TokensApi(context.users(), context.ticker()).operations());
        all.addAll(new UsersApi(context.users()).operations());
        all.addAll(new RolesApi(context.users(), kinds(all, sections)).operations());
        String description = OpenApi.describe(all, sections);
        all.add(
                Operation.get(
                        "describe",
                        "/openapi.json",
                        "",
                        "This description",
                        r -> AdminResponse.json(200, description)));
        return all;
    }

    /** Clients of the model product look here whether there is anything. */
    private static AdminResponse interfaces() {
        return Answers.document(
                200,
                Json.object(
                        "children",
                        List.of(
                                Json.object("name", "tm", "href", "/api/tm/"),
                                Json.object("name", "v1", "href", "/api/openapi.json"))));
    }

    /** Every kind of object that an operation asks a permission for. */
    private static Set<String> kinds(List<Operation> operations, Sections sections) {
        Set<String> kinds = new TreeSet<>(sections.byName().keySet());
        for (Operation operation : operations) {
            if (operation.permission() != null && !operation.kind().equals("{section}")) {
                kinds.add(operation.kind());
            }
        }
        return kinds;
    }
}
