package io.weir.config.load;

import io.weir.config.AdmissionConfig;
import io.weir.config.BandwidthConfig;
import io.weir.config.BreakerConfig;
import io.weir.config.OutlierConfig;
import io.weir.config.OverloadConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.ProtectionConfig.AddressFile;
import io.weir.config.RateConfig;
import io.weir.config.WeirConfig;

import java.util.List;

/**
 * Writes protection, rate and bandwidth classes, and admission; see {@link ConfigWriter}.
 * Stateless.
 */
final class ClassWriter {

    private ClassWriter() {}

    static void all(YamlWriter out, WeirConfig config) {
        out.open("protection-classes");
        config.protectionClasses().values().forEach(each -> protection(out, each));
        out.close();
        out.open("rate-classes");
        config.rateClasses().values().forEach(each -> rate(out, each));
        out.close();
        out.open("bandwidth-classes");
        config.bandwidthClasses().values().forEach(each -> bandwidth(out, each));
        out.close();
    }

    private static void protection(YamlWriter out, ProtectionConfig p) {
        out.open(p.name());
        out.bare("enabled", p.enabled());
        out.bare("testing", p.testing());
        out.bare("debug", p.debug());
        out.time("log-time", p.logTime());
        out.string("rule", p.rule());
        out.strings("allowed", p.allowed());
        out.strings("allowed-files", files(p.allowedFiles()));
        out.strings("banned", p.banned());
        out.strings("banned-files", files(p.bannedFiles()));
        out.bare("max-1-connections", p.max1Connections());
        out.bare("max-10-connections", p.max10Connections());
        out.bare("min-connections", p.minConnections());
        out.bare("max-connection-rate", p.maxConnectionRate());
        out.time("rate-timer", p.rateTimer());
        out.bare("subnet-prefix-v6", p.subnetPrefixV6());
        out.bare("max-addresses", p.maxAddresses());
        out.bare("check-rfc2396", p.checkRfc2396());
        out.size("max-url-length", p.maxUrlLength());
        out.size("max-header-length", p.maxHeaderLength());
        out.size("max-request-length", p.maxRequestLength());
        out.size("max-body-length", p.maxBodyLength());
        out.bare("reject-binary", p.rejectBinary());
        out.bare("send-error-page", p.sendErrorPage());
        out.string("note", p.note());
        out.close();
    }

    private static List<String> files(List<AddressFile> files) {
        return files.stream().map(each -> each.file().toString()).toList();
    }

    static void outliers(YamlWriter out, OutlierConfig o) {
        out.open("outliers");
        out.bare("enabled", o.enabled());
        out.time("interval", o.interval());
        out.bare("min-requests", o.minRequests());
        out.bare("max-error-rate", o.maxErrorRate());
        out.bare("latency-factor", o.latencyFactor());
        out.time("min-latency", o.minLatency());
        out.bare("max-ejected", o.maxEjected());
        out.time("ejection-time", o.ejectionTime());
        out.time("max-ejection-time", o.maxEjectionTime());
        out.close();
    }

    static void breaker(YamlWriter out, BreakerConfig b) {
        out.open("breaker");
        out.bare("enabled", b.enabled());
        out.time("interval", b.interval());
        out.bare("min-requests", b.minRequests());
        out.bare("max-error-rate", b.maxErrorRate());
        out.time("open-time", b.openTime());
        out.time("max-open-time", b.maxOpenTime());
        out.bare("probes", b.probes());
        out.close();
    }

    static void admission(YamlWriter out, AdmissionConfig a) {
        out.open("admission");
        out.bare("enabled", a.enabled());
        out.bare("min-limit", a.minLimit());
        out.bare("max-limit", a.maxLimit());
        out.bare("tolerance", a.tolerance());
        out.time("min-latency", a.minLatency());
        out.close();
    }

    static void overload(YamlWriter out, OverloadConfig o) {
        out.open("overload");
        out.bare("max-connections", o.maxConnections());
        out.bare("max-memory", o.maxMemory());
        out.time("max-loop-lag", o.maxLoopLag());
        out.close();
    }

    private static void rate(YamlWriter out, RateConfig r) {
        out.open(r.name());
        out.bare("max-rate-per-second", r.maxRatePerSecond());
        out.bare("max-rate-per-minute", r.maxRatePerMinute());
        out.bare("max-queue", r.maxQueue());
        out.time("queue-timeout", r.queueTimeout());
        out.bare("max-contexts", r.maxContexts());
        out.string("note", r.note());
        out.close();
    }

    private static void bandwidth(YamlWriter out, BandwidthConfig b) {
        out.open(b.name());
        out.bare("maximum", b.maximum());
        out.word("sharing", b.sharing());
        out.string("note", b.note());
        out.close();
    }
}
