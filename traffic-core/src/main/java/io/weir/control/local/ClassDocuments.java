package io.weir.control.local;

import io.weir.control.store.Json;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Protection, rate and bandwidth classes as {@link Documents} shows them. */
final class ClassDocuments {

    private ClassDocuments() {}

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
