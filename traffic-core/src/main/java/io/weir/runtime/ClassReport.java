package io.weir.runtime;

import io.weir.admit.Admission;
import io.weir.admit.Admissions;
import io.weir.bandwidth.BandwidthClass;
import io.weir.config.RateConfig;
import io.weir.protect.Protection;
import io.weir.protect.ProtectionClasses;
import io.weir.rate.RateClass;
import io.weir.runtime.DataPlane.AdmissionStatus;
import io.weir.runtime.DataPlane.BandwidthStatus;
import io.weir.runtime.DataPlane.ClassStatus;
import io.weir.runtime.DataPlane.ProtectionStatus;
import io.weir.runtime.DataPlane.RateStatus;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What {@link DataPlane#status} says about classes. Stateless. */
final class ClassReport {

    private ClassReport() {}

    static ClassStatus of(ProtectionClasses protection, RunningClasses classes) {
        return new ClassStatus(
                protection.all().stream().map(ClassReport::protection).toList(),
                classes.rates().all().stream().map(ClassReport::rate).toList(),
                classes.bandwidth().all().stream().map(ClassReport::bandwidth).toList(),
                classes.admissions().all().stream().map(ClassReport::admission).toList());
    }

    private static AdmissionStatus admission(Admissions.Named of) {
        Admission.Figures figures = of.admission().figures();
        Map<String, Long> refused = new LinkedHashMap<>();
        figures.refused()
                .forEach(
                        (priority, count) ->
                                refused.put(priority.name().toLowerCase(Locale.ROOT), count));
        return new AdmissionStatus(
                of.object().section().equals("pools") ? "pool" : "virtual-server",
                of.object().name(),
                of.overloaded(),
                figures.limit(),
                figures.inside(),
                figures.baseNanos() / 1e6,
                figures.meanNanos() / 1e6,
                figures.admitted(),
                refused);
    }

    private static BandwidthStatus bandwidth(BandwidthClass of) {
        return new BandwidthStatus(
                of.config().name(),
                of.config().maximum(),
                of.config().sharing().name().toLowerCase(Locale.ROOT),
                of.connections(),
                of.waiting(),
                of.bytes());
    }

    private static RateStatus rate(RateClass of) {
        RateConfig config = of.config();
        RateClass.Figures figures = of.figures();
        return new RateStatus(
                config.name(),
                config.maxRatePerSecond(),
                config.maxRatePerMinute(),
                figures.perSecond(),
                figures.queued(),
                config.maxQueue(),
                figures.contexts(),
                figures.entered(),
                figures.left(),
                figures.refused());
    }

    private static ProtectionStatus protection(Protection of) {
        Map<String, Long> refused = new LinkedHashMap<>();
        of.refusals().forEach((reason, count) -> refused.put(reason.keyword(), count));
        return new ProtectionStatus(
                of.config().name(),
                of.config().enabled(),
                of.config().testing(),
                of.addresses(),
                of.config().maxAddresses(),
                of.connections(),
                refused);
    }
}
