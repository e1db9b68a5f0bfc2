package io.weir.event;

/**
 * Names an object that an event is about.
 *
 * @param section kind of object in the plural, as in {@code pools/web}: {@code vservers}, {@code
 *     pools}, {@code nodes}, {@code monitors}, …
 * @param name of the object
 */
public record ObjectRef(String section, String name) {

    public static ObjectRef virtualServer(String name) {
        return new ObjectRef("vservers", name);
    }

    public static ObjectRef pool(String name) {
        return new ObjectRef("pools", name);
    }

    public static ObjectRef node(String name) {
        return new ObjectRef("nodes", name);
    }

    public static ObjectRef monitor(String name) {
        return new ObjectRef("monitors", name);
    }

    /** A service level class. */
    public static ObjectRef serviceLevel(String name) {
        return new ObjectRef("slm", name);
    }

    public static ObjectRef rule(String name) {
        return new ObjectRef("rules", name);
    }

    public static ObjectRef action(String name) {
        return new ObjectRef("actions", name);
    }

    @Override
    public String toString() {
        return section + "/" + name;
    }
}
