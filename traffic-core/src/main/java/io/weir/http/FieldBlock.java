package io.weir.http;

/**
 * Fields that are added to many messages: made once, copied as one. Immutable, safe for every
 * thread.
 */
public final class FieldBlock {

    private final Fields fields;

    private FieldBlock(Fields fields) {
        this.fields = fields;
    }

    /** The fields that {@code writer} adds to an empty list. */
    public static FieldBlock of(java.util.function.Consumer<Fields> writer) {
        Fields fields = new Fields();
        writer.accept(fields);
        return new FieldBlock(fields);
    }

    Fields fields() {
        return fields;
    }
}
