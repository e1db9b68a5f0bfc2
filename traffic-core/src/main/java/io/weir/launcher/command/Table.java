package io.weir.launcher.command;

import io.weir.log.PlainText;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as their widest cell, under a line of headings. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    /**
     * @param headings one per column; a column whose heading begins with {@code >} is flush right
     */
    Table(String... headings) {
        right = new boolean[headings.length];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            names.add(right[i] ? headings[i].substring(1) : headings[i]);
        }
        rows.add(names);
    }

    /** Adds a row with a cell for each column. */
    void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(PlainText.of(cell));
        }
        rows.add(row);
    }

    /** The lines, each indented by {@code indent} blanks and without blanks at its end. */
    List<String> lines(int indent) {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ".repeat(indent));
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String gap = " ".repeat(widths[i] - cell.length());
                line.append(right[i] ? gap + cell : cell + gap).append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
