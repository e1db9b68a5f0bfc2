package io.weir.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The families that one class declares, in its order, so that none is forgotten in a list of them.
 * Filled while that class is initialised, and not changed any more.
 */
final class FamilyTable {

    private final List<MetricFamily> families = new ArrayList<>();

    /** See {@link MetricFamily#counter}. */
    MetricFamily counter(String name, String help, String... labels) {
        return with(MetricFamily.counter(name, help, labels));
    }

    /** See {@link MetricFamily#gauge}. */
    MetricFamily gauge(String name, String help, String... labels) {
        return with(MetricFamily.gauge(name, help, labels));
    }

    /** See {@link MetricFamily#histogram}. */
    MetricFamily histogram(String name, String help, String... labels) {
        return with(MetricFamily.histogram(name, help, labels));
    }

    private MetricFamily with(MetricFamily family) {
        families.add(family);
        return family;
    }

    /** All of them. */
    List<MetricFamily> all() {
        return List.copyOf(families);
    }
}
