package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Locale;

/** Guesses which valid name was meant by a wrong one. */
public final class Nearest {

    private Nearest() {}

    /** The name closest to {@code wrong}, or null when none is close enough to be offered. */
    public static @Nullable String to(String wrong, Collection<String> names) {
        if (wrong.length() > 200) {
            return null;
        }
        String plainWrong = plain(wrong);
        String best = null;
        int bestDistance = Math.max(1, plainWrong.length() / 3) + 1;
        for (String name : names) {
            String plainName = plain(name);
            int distance = Math.abs(plainWrong.length() - plainName.length());
            if (distance < bestDistance) {
                distance = distance(plainWrong, plainName);
            }
            // A word left out is one slip, not many: "redirect" for "max-redirect".
            boolean part = plainName.startsWith(plainWrong) || plainName.endsWith(plainWrong);
            if (distance > 2 && part && plainWrong.length() >= 4) {
                distance = 2;
            }
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Small letters without what separates words, so that spellings of one name come together. */
    private static String plain(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            if (c != '-' && c != '_' && c != ' ' && c != '.') {
                out.append(c);
            }
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }

    /** Edits (insert, delete, replace, swap neighbours) that turn {@code a} into {@code b}. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int cost = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost = Math.min(cost, beforeLast[j - 2] + 1);
                }
                row[j] = cost;
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }
}
