package io.weir.soap;

import io.weir.admin.AdminMounts;
import io.weir.admin.MountOptions;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.NamedBackups;
import io.weir.launcher.process.Version;
import io.weir.soap.call.Services;

import org.jspecify.annotations.Nullable;

/**
 * The SOAP control API as a part of Weir: {@code /soap} and {@code /wsdl} on the admin server. What
 * it needs is loaded by the first call, so that it costs nothing before.
 */
public final class SoapExtension implements Extension {

    /** Room for files of the size that the store takes, in Base64. */
    private static final int MAX_BODY = 16 << 20;

    private static final int NO_BODY = 1024;

    private AdminMounts.@Nullable Mounted soap;
    private AdminMounts.@Nullable Mounted wsdl;
    private @Nullable SoapHandler handler;

    @Override
    public String name() {
        return "soap";
    }

    @Override
    public void start(ExtensionContext context) {
        Services services =
                new Services(
                        context.control(),
                        context.events(),
                        context.ticker(),
                        context.directories(),
                        context.metrics(),
                        context.users(),
                        new NamedBackups(
                                context.control(), context.directories().state(), Version.text()));
        SoapHandler made = new SoapHandler(services);
        handler = made;
        soap =
                context.admin()
                        .mount(
                                "/soap",
                                made,
                                new MountOptions(MAX_BODY, MountOptions.SignIn.BASIC));
        // What the interfaces look like is no secret, and tools fetch it without signing in.
        wsdl =
                context.admin()
                        .mount(
                                "/wsdl",
                                new WsdlHandler(),
                                new MountOptions(NO_BODY, MountOptions.SignIn.NONE));
    }

    @Override
    public void rehearse() {
        SoapHandler made = handler;
        if (made != null) {
            made.rehearse();
        }
    }

    @Override
    public void stop() {
        for (AdminMounts.Mounted mounted : new AdminMounts.@Nullable Mounted[] {soap, wsdl}) {
            if (mounted != null) {
                mounted.close();
            }
        }
        SoapHandler made = handler;
        if (made != null) {
            made.close();
        }
    }
}
