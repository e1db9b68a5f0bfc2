package io.weir.brake;

/** A text that checks the brake whenever it is read. Immutable. */
public record BrakedText(String text) implements CharSequence {

    @Override
    public char charAt(int index) {
        Brake.check();
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
