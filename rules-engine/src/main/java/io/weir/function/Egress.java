package io.weir.function;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Where rules may connect to: nowhere but the blocks that the operator named. Immutable. */
public final class Egress {

    private final List<IPAddress> blocks = new ArrayList<>();
    private final IntPredicate control;
    private final Names names;

    /**
     * @param allowed address blocks, checked before
     * @param control says which ports of this machine rules must never reach
     * @param names where addresses of names come from
     */
    public Egress(List<String> allowed, IntPredicate control, Names names) {
        this.control = control;
        this.names = names;
        for (String block : allowed) {
            IPAddress parsed = new IPAddressString(block).getAddress();
            if (parsed != null) {
                blocks.add(parsed.toPrefixBlock());
            }
        }
    }

    /**
     * The address of {@code host}, looked up now and the one to connect to at {@code port}.
     *
     * @throws IOException when there is none, or rules may not connect there
     */
    InetAddress resolve(String host, int port) throws IOException {
        InetAddress[] all = names.addresses(host);
        for (InetAddress address : all) {
            notControl(address, port);
        }
        for (InetAddress address : all) {
            if (allows(address)) {
                return address;
            }
        }
        throw refused(host);
    }

    /**
     * Looks whether rules may connect to {@code address} at {@code port}.
     *
     * @throws IOException when they may not
     */
    void check(InetAddress address, int port) throws IOException {
        notControl(address, port);
        if (!allows(address)) {
            throw refused(plain(address));
        }
    }

    private void notControl(InetAddress address, int port) throws IOException {
        if (control.test(port) && NetworkInterface.getByInetAddress(address) != null) {
            throw new IOException("rules may not connect to the port " + port + " of Weir itself");
        }
    }

    private static IOException refused(String where) {
        return new IOException("rules may not connect to " + where + " (global.rules.egress)");
    }

    /** Whether rules may connect to {@code address}. */
    public boolean allows(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        IPAddress literal = new IPAddressString(plain(address)).getAddress();
        boolean local = address.isLoopbackAddress() || address.isLinkLocalAddress();
        for (IPAddress block : blocks) {
            if (literal != null && block.contains(literal) && (!local || localOnly(block))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the whole block is loopback or link-local: then the operator meant it. */
    private static boolean localOnly(IPAddress block) {
        return block.isLoopback() || block.isLinkLocal();
    }

    private static String plain(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
