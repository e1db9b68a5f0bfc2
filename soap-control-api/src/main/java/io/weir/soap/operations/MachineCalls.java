package io.weir.soap.operations;

import io.weir.config.AdminConfig;
import io.weir.control.ControlStatus;
import io.weir.control.RefusedException;
import io.weir.launcher.process.Version;
import io.weir.soap.call.Call;
import io.weir.soap.call.Dispatcher;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The machine and the process on it, the one location, and the lists that are empty because Weir
 * has nothing of the kind.
 */
final class MachineCalls {

    private MachineCalls() {}

    static void register(Handlers handlers) {
        String m = "System.MachineInfo.";
        handlers.on(m + "getAllClusterMachines", MachineCalls::machines);
        handlers.on(m + "getIPAddresses", call -> addresses());
        handlers.on(m + "getMACAddresses", call -> hardwareAddresses());
        handlers.on(m + "getProductVersion", call -> Version.text());
        handlers.on(m + "getTrafficManagerUptime", MachineCalls::uptime);
        handlers.on(m + "getZeusHome", call -> home());
        handlers.on(m + "isIPv6Enabled", call -> hasIpv6());
        handlers.on("System.Management.restartTrafficManager", MachineCalls::restart);
        handlers.on("Location.getLocations", call -> List.of(Dispatcher.LOCATION));
        handlers.on("System.Stats.getLocations", call -> List.of(Dispatcher.LOCATION));
        handlers.on("Location.getType", MachineCalls::locationTypes);
        handlers.on("TrafficIPGroups.getTrafficIPGroupNames", call -> List.of());
        handlers.on("TrafficIPGroups.getAvailableTrafficManagers", call -> List.of(hostName()));
        handlers.on("GLB.Service.getGLBServiceNames", call -> List.of());
    }

    /** The name of this machine; no name service is asked for it. */
    static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    private static String home() {
        return System.getProperty("weir.home", "");
    }

    private static Object machines(Call call) {
        AdminConfig admin = call.draft().config().global().admin();
        List<String> addresses = addresses();
        return List.of(
                StructValue.of(
                        call.type("Machine"),
                        hostName(),
                        addresses.isEmpty() ? "127.0.0.1" : addresses.getFirst(),
                        admin == null ? "" : admin.listen().toString(),
                        home()));
    }

    private static @Nullable Object restart(Call call) throws SoapProblem {
        try {
            call.services().control().ending().restart(call.peer().author());
            return null;
        } catch (RefusedException e) {
            throw call.refused(e);
        }
    }

    private static Long uptime(Call call) {
        ControlStatus status = call.services().control().status();
        return Duration.between(status.started(), status.now()).toSeconds();
    }

    private static List<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces().toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        for (NetworkInterface each : interfaces()) {
            each.inetAddresses()
                    .filter(
                            address ->
                                    !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .forEach(addresses::add);
        }
        return addresses;
    }

    private static List<String> hardwareAddresses() {
        List<String> addresses = new ArrayList<>();
        for (NetworkInterface each : interfaces()) {
            try {
                byte[] bytes = each.getHardwareAddress();
                if (bytes != null) {
                    addresses.add(HexFormat.ofDelimiter(":").formatHex(bytes));
                }
            } catch (SocketException e) {
                // An interface that has just gone has no address.
            }
        }
        return addresses;
    }

    private static Boolean hasIpv6() {
        return interfaces().stream()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(Inet6Address.class::isInstance);
    }

    private static Object locationTypes(Call call) throws SoapProblem {
        List<String> types = new ArrayList<>();
        for (String location : call.texts(0)) {
            if (!location.equals(Dispatcher.LOCATION)) {
                throw SoapProblem.unknown("location", location);
            }
            types.add("config");
        }
        return types;
    }
}
