package io.weir.rest;

import io.weir.admin.AdminMounts;
import io.weir.admin.LateHandler;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.config.AdminConfig;
import io.weir.control.Control;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.Rehearsal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Hangs the REST API into the admin server. */
public final class RestExtension implements Extension {

    private static final int MAX_BODY = 8 << 20;

    private AdminMounts.@Nullable Mounted mounted;
    private AdminMounts.@Nullable Mounted session;

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public void start(ExtensionContext context) {
        mounted =
                context.admin()
                        .mount(
                                "/api",
                                new LateHandler(
                                        () ->
                                                new Router(
                                                        Api.operations(context),
                                                        context.control().audit())),
                                new MountOptions(MAX_BODY, SignIn.SESSION_OR_TOKEN));
        session =
                context.admin()
                        .mount(
                                SessionApi.PATH,
                                new SessionApi(
                                        context.users(), () -> hasProvider(context.control())),
                                new MountOptions(SessionApi.MAX_BODY, SignIn.NONE));
    }

    @Override
    public List<Rehearsal> rehearsals() {
        return List.of(
                Rehearsal.get("/api/v1/status"),
                Rehearsal.get("/api/v1/config"),
                Rehearsal.get("/api/v1/config/pools"));
    }

    private static boolean hasProvider(Control control) {
        AdminConfig admin = control.config().global().admin();
        return admin != null && admin.oidc().issuer() != null;
    }

    @Override
    public void stop() {
        for (AdminMounts.Mounted each : new AdminMounts.@Nullable Mounted[] {session, mounted}) {
            if (each != null) {
                each.close();
            }
        }
    }
}
