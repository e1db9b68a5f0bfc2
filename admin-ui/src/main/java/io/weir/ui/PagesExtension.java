package io.weir.ui;

import io.weir.admin.AdminMounts;
import io.weir.admin.MountOptions;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.Rehearsal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Hangs the web pages into the admin server. */
public final class PagesExtension implements Extension {

    private AdminMounts.@Nullable Mounted mounted;

    @Override
    public String name() {
        return "pages";
    }

    @Override
    public void start(ExtensionContext context) {
        mounted =
                context.admin()
                        .mount("/", new Pages(), new MountOptions(0, MountOptions.SignIn.NONE));
    }

    @Override
    public List<Rehearsal> rehearsals() {
        return List.of(Rehearsal.get("/"));
    }

    @Override
    public void stop() {
        AdminMounts.Mounted open = mounted;
        if (open != null) {
            open.close();
        }
    }
}
