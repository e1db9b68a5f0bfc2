package io.weir.soap;

import io.weir.admin.AdminMounts;
import io.weir.admin.LateHandler;
import io.weir.admin.MountOptions;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.NamedBackups;
import io.weir.control.Rehearsal;
import io.weir.launcher.process.Version;
import io.weir.soap.call.Services;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The SOAP control API as a part of Weir: {@code /soap} and {@code /wsdl} on the admin server. What
 * it needs is loaded by the first call, so that it costs nothing before.
 */
public final class SoapExtension implements Extension {

    /** Room for files of the size that the store takes, in Base64. */
    private static final int MAX_BODY = 16 << 20;

    private static final int NO_BODY = 1024;

    private static final String PATH = "/soap";
    private static final String NAMES = "<names><Item>web</Item></names>";

    private AdminMounts.@Nullable Mounted soap;
    private AdminMounts.@Nullable Mounted wsdl;
    private @Nullable LateHandler handler;

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
        LateHandler made = new LateHandler(() -> SoapHandler.start(services));
        handler = made;
        soap =
                context.admin()
                        .mount(PATH, made, new MountOptions(MAX_BODY, MountOptions.SignIn.BASIC));
        // What the interfaces look like is no secret, and tools fetch it without signing in.
        wsdl =
                context.admin()
                        .mount(
                                "/wsdl",
                                new WsdlHandler(),
                                new MountOptions(NO_BODY, MountOptions.SignIn.NONE));
    }

    @Override
    public List<Rehearsal> rehearsals() {
        return List.of(
                call("Pool", "getPoolNames", ""),
                call("Pool", "getNodes", NAMES),
                call("Pool", "getDrainingNodes", NAMES),
                call("Pool", "getMonitors", NAMES),
                call("Pool", "getNodesConnectionCounts", "<nodes><Item>127.0.0.1:1</Item></nodes>"),
                call("VirtualServer", "getBasicInfo", NAMES),
                call("System/Stats", "getPerPoolNodes", ""),
                // Refused, because there is none of that name.
                call("Pool", "getNodes", "<names><Item>none</Item></names>"));
    }

    private static Rehearsal call(String api, String operation, String parameters) {
        return Rehearsal.post(
                PATH,
                "text/xml",
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
                <n:%1$s xmlns:n="http://soap.zeus.com/zxtm/1.0/%2$s/">%3$s</n:%1$s>
                </e:Body></e:Envelope>
                """
                        .formatted(operation, api, parameters));
    }

    @Override
    public void stop() throws Exception {
        for (AdminMounts.Mounted mounted : new AdminMounts.@Nullable Mounted[] {soap, wsdl}) {
            if (mounted != null) {
                mounted.close();
            }
        }
        LateHandler made = handler;
        if (made != null) {
            made.close();
        }
    }
}
