package io.weir.control.local;

import io.weir.control.store.Json;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Protection, rate and bandwidth classes, and admissions, as {@link Documents} shows them. */
final class ClassDocuments {

    private ClassDocuments() {}

    static Map<String, @Nullable Object> bandwidth(DataPlane.BandwidthStatus of) {
        return Json.object(
                "name", of.name(),
                "maximum", of.maximum(),
                "sharing", of.sharing(),
                "connections", of.connections(),
                "waiting", of.waiting(),
                "bytes", of.bytes());
    }

    static Map<String, @Nullable Object> admission(DataPlane.AdmissionStatus of) {
        return Json.object(
                "kind", of.kind(),
                "name", of.name(),
                "overloaded", of.overloaded(),
                "limit", of.limit(),
                "requests", of.inside(),
                "base-millis", Math.round(of.baseMillis() * 100) / 100.0,
                "latency-millis", Math.round(of.meanMillis() * 100) / 100.0,
                "admitted", of.admitted(),
                "refused", of.refused());
    }

    static Map<String, @Nullable Object> rate(DataPlane.RateStatus of) {
        return Json.object(
                "name", of.name(),
                "max-rate-per-second", of.maxRatePerSecond(),
                "max-rate-per-minute", of.maxRatePerMinute(),
                "rate", of.rate(),
                "queued", of.queued(),
                "max-queue", of.maxQueue(),
                "contexts", of.contexts(),
                "entered", of.entered(),
                "left", of.left(),
                "refused", of.refused());
    }

    static Map<String, @Nullable Object> protection(DataPlane.ProtectionStatus of) {
        return Json.object(
                "name", of.name(),
                "enabled", of.enabled(),
                "testing", of.testing(),
                "addresses", of.addresses(),
                "max-addresses", of.maxAddresses(),
                "connections", of.connections(),
                "refused", of.refused());
    }
}
