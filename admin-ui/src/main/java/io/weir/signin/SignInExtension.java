package io.weir.signin;

import io.weir.admin.AdminMounts;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.users.Directory;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.Users;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;

/** Lets in administrators whom somebody else knows, as the configuration says. */
public final class SignInExtension implements Extension {

    private static final int MAX_BODY = 4096;

    private @Nullable Users users;
    private AdminMounts.@Nullable Mounted mounted;

    @Override
    public String name() {
        return "sign-in";
    }

    @Override
    public void start(ExtensionContext context) {
        LdapDirectory directory = new LdapDirectory();
        Provider provider = new Provider();
        context.control()
                .follow(
                        config -> {
                            directory.follow(config.global().admin());
                            provider.follow(config.global().admin());
                        });
        users = context.users();
        context.users().ask(directory);
        OidcHandler handler =
                new OidcHandler(
                        provider,
                        context.users(),
                        new Attempts(context.ticker(), new SecureRandom()));
        mounted =
                context.admin()
                        .mount(OidcHandler.PATH, handler, new MountOptions(MAX_BODY, SignIn.NONE));
    }

    @Override
    public void stop() {
        AdminMounts.Mounted open = mounted;
        if (open != null) {
            open.close();
        }
        Users asked = users;
        if (asked != null) {
            asked.ask(Directory.NONE);
        }
    }
}
