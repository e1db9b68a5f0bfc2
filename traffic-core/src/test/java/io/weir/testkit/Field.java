package io.weir.testkit;

/**
 * One header or trailer field as it stood on the wire.
 *
 * @param name in the case it was sent
 * @param value in Latin-1, without the white space around it
 */
public record Field(String name, String value) {

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
