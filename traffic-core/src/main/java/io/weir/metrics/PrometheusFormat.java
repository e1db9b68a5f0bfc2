package io.weir.metrics;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The two text formats that Prometheus reads. */
enum PrometheusFormat {
    /** The format of every scraper. */
    TEXT("text/plain; version=0.0.4; charset=utf-8"),
    /** What Prometheus asks for first. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    PrometheusFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /**
     * The format to answer with: OpenMetrics when it is asked for at least as much as plain text.
     * Anything that is not understood means plain text (RFC 9110 section 12.5.1 lets a server
     * disregard the field).
     */
    static PrometheusFormat accepted(@Nullable String accept) {
        if (accept == null) {
            return TEXT;
        }
        double text = 0;
        double openMetrics = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.toLowerCase(Locale.ROOT).split(";", -1);
            double q = quality(parts);
            switch (parts[0].strip()) {
                case "application/openmetrics-text" -> {
                    if (hasVersionOne(parts)) {
                        openMetrics = Math.max(openMetrics, q);
                    }
                }
                case "text/plain", "text/*", "*/*" -> text = Math.max(text, q);
                default -> {
                    // A media type that is not served here.
                }
            }
        }
        return openMetrics > 0 && openMetrics >= text ? OPEN_METRICS : TEXT;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                try {
                    double q = Double.parseDouble(parameter.substring(2));
                    return q >= 0 && q <= 1 ? q : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    private static boolean hasVersionOne(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("version=")) {
                return parameter.equals("version=1.0.0");
            }
        }
        return true;
    }
}
