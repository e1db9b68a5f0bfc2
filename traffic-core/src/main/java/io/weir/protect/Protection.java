package io.weir.protect;

import io.weir.config.AddressBlocks;
import io.weir.config.ProtectionConfig;
import io.weir.config.ProtectionConfig.AddressFile;
import io.weir.http.RequestHead;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A protection class in force: judges connections when they come and requests when their head has
 * been read. What it remembers is shared by all virtual servers that name it and outlives its
 * settings. Safe for every thread; never blocks.
 */
public final class Protection {

    private static final Logger LOG = LoggerFactory.getLogger(Protection.class);

    private final ProtectionConfig config;
    private final Memory memory;
    private final Ticker ticker;
    private final AddressBlocks allowed;
    private final AddressBlocks banned;
    private final RequestCheck requests;
    private final long window;

    /** What outlives the settings of a class. */
    record Memory(
            AddressTable addresses,
            int capacity,
            BusiestAddresses busiest,
            AtomicInteger connections,
            RefusalLog refusals) {}

    Protection(ProtectionConfig config, Memory memory, Ticker ticker) {
        this.config = config;
        this.memory = memory;
        this.ticker = ticker;
        this.allowed = blocks(config.allowed(), config.allowedFiles());
        this.banned = blocks(config.banned(), config.bannedFiles());
        this.requests = new RequestCheck(config);
        this.window = Math.max(1, config.rateTimer().toNanos());
    }

    private static AddressBlocks blocks(List<String> own, List<AddressFile> files) {
        List<String> all = new ArrayList<>(own);
        files.forEach(file -> all.addAll(file.blocks()));
        return AddressBlocks.of(all);
    }

    /** The settings. */
    public ProtectionConfig config() {
        return config;
    }

    Memory memory() {
        return memory;
    }

    // ---- connections

    /**
     * Judges a connection that has come.
     *
     * @param address of the client; null when there is none to be known, which is let in
     * @return what is to be told when the connection has gone; null when it is refused
     */
    public @Nullable Passage connect(@Nullable InetAddress address) {
        if (!config.enabled() || address == null) {
            return Passage.FREE;
        }
        if (banned.contains(address)) {
            return refused(Reason.BANNED, address) ? null : Passage.FREE;
        }
        boolean limited =
                config.max1Connections() > 0
                        || config.max10Connections() > 0
                        || config.maxConnectionRate() > 0;
        if (!limited || allowed.contains(address)) {
            return Passage.FREE;
        }
        byte[] octets = address.getAddress();
        long upper = AddressKey.upper(octets, config.subnetPrefixV6());
        long lower = AddressKey.lower(octets, config.subnetPrefixV6());
        int open = open(upper, lower, config.max1Connections(), config.maxConnectionRate());
        if (open == AddressTable.TOO_MANY || open == AddressTable.TOO_OFTEN) {
            Reason reason = open == AddressTable.TOO_MANY ? Reason.CONNECTIONS_1 : Reason.RATE;
            if (refused(reason, address)) {
                return null;
            }
            open = open(upper, lower, 0, 0);
        }
        if (open == AddressTable.UNTRACKED) {
            return Passage.FREE;
        }
        int most = config.max10Connections();
        if (most > 0 && !memory.busiest.more(open, config.minConnections() + 1, most)) {
            if (refused(Reason.CONNECTIONS_10, address)) {
                memory.addresses.close(upper, lower);
                return null;
            }
            memory.busiest.moved(open - 1, open);
        } else if (most == 0) {
            memory.busiest.moved(open - 1, open);
        }
        memory.connections.incrementAndGet();
        return new Passage(memory, upper, lower);
    }

    private int open(long upper, long lower, int most, int mostOften) {
        return memory.addresses.open(upper, lower, most, mostOften, window, ticker.nanos());
    }

    // ---- requests

    /**
     * Judges a request.
     *
     * @param first whether it is the first of its connection, which has been counted with it
     * @param bodyLength as {@link io.weir.http.Framing} decided
     * @return why it is refused; null when it may go on
     */
    public @Nullable Refusal request(
            @Nullable InetAddress address, boolean first, RequestHead head, long bodyLength) {
        if (!config.enabled()) {
            return null;
        }
        if (!first && config.maxConnectionRate() > 0 && address != null && tooOften(address)) {
            int seconds = Math.clamp(config.rateTimer().toSeconds(), 1, 3600);
            Refusal refusal =
                    new Refusal(
                            Reason.RATE,
                            429,
                            config.sendErrorPage(),
                            seconds,
                            "more than "
                                    + config.maxConnectionRate()
                                    + " connections and requests of "
                                    + address.getHostAddress());
            return refused(Reason.RATE, address) ? refusal : null;
        }
        Refusal refusal = requests.judge(head, bodyLength);
        return refusal != null && refused(refusal.reason(), address) ? refusal : null;
    }

    private boolean tooOften(InetAddress address) {
        byte[] octets = address.getAddress();
        return !allowed.contains(address)
                && !memory.addresses.came(
                        AddressKey.upper(octets, config.subnetPrefixV6()),
                        AddressKey.lower(octets, config.subnetPrefixV6()),
                        config.maxConnectionRate(),
                        window,
                        ticker.nanos());
    }

    /** Bytes of body above which {@link #bodyTooLong} is to be asked; 0 for never. */
    public long bodyLimit() {
        return config.enabled() ? config.maxBodyLength() : 0;
    }

    /** Judges a body that has turned out to be longer than {@link #bodyLimit}. */
    public @Nullable Refusal bodyTooLong(@Nullable InetAddress address) {
        return refused(Reason.SIZE, address) ? requests.body() : null;
    }

    /** Counts a refusal; whether it is one, and not a trial only. */
    private boolean refused(Reason reason, @Nullable InetAddress address) {
        memory.refusals.add(reason, address, config.testing());
        if (config.debug()) {
            LOG.info(
                    "protection class {} {} {}: {}",
                    config.name(),
                    config.testing() ? "would refuse" : "refuses",
                    address == null ? "a client" : address.getHostAddress(),
                    reason.text());
        }
        return !config.testing();
    }

    // ---- figures

    /** Addresses remembered now. */
    public int addresses() {
        return memory.addresses.size();
    }

    /** Counted connections that are open now. */
    public int connections() {
        return memory.connections.get();
    }

    /** Refusals by reason since the start; what a class in test mode would have refused, too. */
    public Map<Reason, Long> refusals() {
        Map<Reason, Long> counts = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            counts.put(reason, memory.refusals.count(reason));
        }
        return counts;
    }
}
