package io.weir.tm;

import io.weir.admin.AdminMounts;
import io.weir.admin.LateHandler;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.Rehearsal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Hangs the tree of the model product into the admin server. */
public final class TmExtension implements Extension {

    private static final int MAX_BODY = 8 << 20;

    /** Some clients have credentials for this realm only. */
    private static final String REALM = "Stingray REST API";

    private AdminMounts.@Nullable Mounted mounted;

    @Override
    public String name() {
        return "tm";
    }

    @Override
    public void start(ExtensionContext context) {
        mounted =
                context.admin()
                        .mount(
                                TmHandler.MOUNT,
                                new LateHandler(
                                        () -> new TmHandler(context.control(), context.metrics())),
                                new MountOptions(MAX_BODY, SignIn.BASIC, REALM));
    }

    @Override
    public List<Rehearsal> rehearsals() {
        return List.of(Rehearsal.get(TmHandler.MOUNT + "/3.0/config/active/pools"));
    }

    @Override
    public void stop() {
        AdminMounts.Mounted open = mounted;
        if (open != null) {
            open.close();
        }
    }
}
