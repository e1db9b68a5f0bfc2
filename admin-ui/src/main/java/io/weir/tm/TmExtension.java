package io.weir.tm;

import io.weir.admin.AdminMounts;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;

import org.jspecify.annotations.Nullable;

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
                                new TmHandler(context.control(), context.metrics()),
                                new MountOptions(MAX_BODY, SignIn.BASIC, REALM));
    }

    @Override
    public void stop() {
        AdminMounts.Mounted open = mounted;
        if (open != null) {
            open.close();
        }
    }
}
