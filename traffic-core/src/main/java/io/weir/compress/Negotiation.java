package io.weir.compress;

import io.weir.config.CompressionConfig.Coding;
import io.weir.http.Weights;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** Which content coding a client likes best (RFC 9110 section 12.5.3). Stateless. */
public final class Negotiation {

    private static final int MAX_ELEMENTS = 32;

    private Negotiation() {}

    /**
     * Whether a client says that it can decode {@code coding}.
     *
     * @param accept value of Accept-Encoding; null when there is none: then it does not say so
     */
    public static boolean accepts(@Nullable String accept, String coding) {
        if (accept == null) {
            return false;
        }
        String wanted = plain(coding);
        boolean any = false;
        for (String part : accept.toLowerCase(Locale.ROOT).split(",", MAX_ELEMENTS + 1)) {
            String text = part.replace(" ", "").replace("\t", "");
            int semicolon = text.indexOf(';');
            String name = semicolon < 0 ? text : text.substring(0, semicolon);
            if (plain(name).equals(wanted)) {
                return Weights.of(text) > 0;
            }
            any |= name.equals("*") && Weights.of(text) > 0;
        }
        return any;
    }

    private static String plain(String coding) {
        String name = coding.strip().toLowerCase(Locale.ROOT);
        return name.equals("x-gzip") ? "gzip" : name;
    }

    /**
     * The coding to use.
     *
     * @param accept value of Accept-Encoding; null when there is none
     * @param offered in the order of preference among those that the client likes equally
     * @return null when the body should be sent as it is
     */
    public static @Nullable Coding choose(@Nullable String accept, List<Coding> offered) {
        if (accept == null || accept.isBlank()) {
            return null;
        }
        String[] elements = accept.toLowerCase(Locale.ROOT).split(",", MAX_ELEMENTS + 1);
        double any = -1;
        double identity = -1;
        double[] wanted = new double[Coding.values().length];
        java.util.Arrays.fill(wanted, -1);
        for (int i = 0; i < elements.length && i < MAX_ELEMENTS; i++) {
            String text = elements[i].replace(" ", "").replace("\t", "");
            int semicolon = text.indexOf(';');
            String name = semicolon < 0 ? text : text.substring(0, semicolon);
            double weight = Weights.of(text);
            switch (name) {
                case "*" -> any = weight;
                case "identity" -> identity = weight;
                case "gzip", "x-gzip" -> wanted[Coding.GZIP.ordinal()] = weight;
                case "deflate" -> wanted[Coding.DEFLATE.ordinal()] = weight;
                case "br" -> wanted[Coding.BR.ordinal()] = weight;
                case "zstd" -> wanted[Coding.ZSTD.ordinal()] = weight;
                default -> {}
            }
        }
        Coding best = null;
        double most = 0;
        for (Coding coding : offered) {
            double weight = wanted[coding.ordinal()];
            weight = weight < 0 ? any : weight;
            if (weight > most) {
                most = weight;
                best = coding;
            }
        }
        return identity > most ? null : best;
    }
}
