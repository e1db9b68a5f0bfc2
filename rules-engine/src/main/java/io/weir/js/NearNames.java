package io.weir.js;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Names of functions that somebody may have meant. */
final class NearNames {

    private NearNames() {}

    /** The one of {@code names} that was most probably meant by {@code name}. */
    static Optional<String> nearest(String name, Collection<String> names) {
        return names.stream()
                .filter(each -> isNear(each, name))
                .min(
                        Comparator.comparing((String each) -> !isOfFamily(each, name))
                                .thenComparing(each -> !last(each).equalsIgnoreCase(last(name)))
                                .thenComparingInt(each -> distance(each, name)));
    }

    /** Whether a function is called so in another family, or nearly so in its own. */
    private static boolean isNear(String each, String name) {
        return last(each).equalsIgnoreCase(last(name))
                || isOfFamily(each, name)
                        && (each.startsWith(name)
                                || name.startsWith(each)
                                || distance(each, name) <= Math.max(1, last(name).length() / 3));
    }

    private static boolean isOfFamily(String each, String name) {
        return each.startsWith(name.substring(0, name.indexOf('.') + 1));
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** How many letters have to be put in, taken out or changed, whatever their case. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                char a = Character.toLowerCase(one.charAt(i - 1));
                char b = Character.toLowerCase(other.charAt(j - 1));
                int changed = diagonal + (a == b ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
