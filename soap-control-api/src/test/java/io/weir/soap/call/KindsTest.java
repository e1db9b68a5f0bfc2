package io.weir.soap.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Tables;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeSet;

class KindsTest {

    @Test
    void everyOperationAsksForAKindThatRestAsksForToo() {
        TreeSet<String> kinds = new TreeSet<>();
        for (Api api : Tables.load().all()) {
            for (Operation operation : api.operations().values()) {
                kinds.add(Kinds.of(api, operation));
            }
        }
        assertThat(kinds)
                .isSubsetOf(
                        List.of(
                                "actions",
                                "audit",
                                "bandwidth-classes",
                                "cache",
                                "connections",
                                "event-types",
                                "events",
                                "files",
                                "global",
                                "history",
                                "logs",
                                "monitors",
                                "persistence-classes",
                                "pools",
                                "process",
                                "protection-classes",
                                "rate-classes",
                                "rules",
                                "service-level-classes",
                                "status",
                                "thresholds",
                                "users",
                                "virtual-servers"));
        assertThat(kinds).contains("users", "audit", "pools");
    }
}
