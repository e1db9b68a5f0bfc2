package io.weir.http;

/** Quality values (RFC 9110 section 12.4.2). Stateless. */
public final class Weights {

    private Weights() {}

    /**
     * The weight of an element of a list such as Accept-Encoding, in lower case and without blanks;
     * 1 where none is given, 0 where it cannot be read.
     */
    public static double of(String element) {
        int q = element.indexOf(";q=");
        if (q < 0) {
            return 1;
        }
        int from = q + 3;
        int end = element.indexOf(';', from);
        String text = element.substring(from, end < 0 ? element.length() : end);
        if (text.isEmpty() || text.length() > 5) {
            return 0;
        }
        double weight = 0;
        double unit = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (i == 1 && c == '.') {
                continue;
            }
            if (c < '0' || c > '9' || i == 0 && c > '1') {
                return 0;
            }
            weight += (c - '0') * unit;
            unit /= 10;
        }
        return weight > 1 ? 0 : weight;
    }
}
