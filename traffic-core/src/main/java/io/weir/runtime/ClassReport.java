package io.weir.runtime;

import io.weir.protect.Protection;
import io.weir.protect.ProtectionClasses;
import io.weir.runtime.DataPlane.ClassStatus;
import io.weir.runtime.DataPlane.ProtectionStatus;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link DataPlane#status} says about classes. Stateless. */
final class ClassReport {

    private ClassReport() {}

    static ClassStatus of(ProtectionClasses protection) {
        return new ClassStatus(protection.all().stream().map(ClassReport::protection).toList());
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
