package io.weir.soap.call;

import io.weir.config.ActionConfig;
import io.weir.config.MonitorConfig;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Values in force, by the keys of the configuration: a key is the name of a record's component with
 * dashes, and a dot leads into a record within. Thus a new key needs no code here.
 */
public final class Effective {

    private static final ClassValue<Map<String, Method>> ACCESSORS =
            new ClassValue<>() {
                @Override
                protected Map<String, Method> computeValue(Class<?> type) {
                    return accessors(type);
                }
            };

    private Effective() {}

    /**
     * The value under a key.
     *
     * @param key such as {@code tls.verify}
     * @return null when nothing is set, or when the part of the configuration is not there
     * @throws IllegalArgumentException when there is no such key
     */
    public static @Nullable Object at(@Nullable Object record, String key) {
        Object value = record;
        for (String step : key.split("\\.", -1)) {
            if (value == null) {
                return null;
            }
            value = step(value, step);
        }
        return value;
    }

    /** Whether records of this type have the key. */
    public static boolean has(Object record, String key) {
        return ACCESSORS.get(record.getClass()).containsKey(plain(key));
    }

    private static @Nullable Object step(Object record, String key) {
        Method accessor = ACCESSORS.get(record.getClass()).get(plain(key));
        if (accessor == null && record instanceof MonitorConfig monitor) {
            return ofVariant(
                    monitor.probe(), dashed(monitor.probe().getClass().getSimpleName()), key);
        }
        if (accessor == null && record instanceof ActionConfig action) {
            return ofVariant(action.delivery(), action.delivery().type(), key);
        }
        if (accessor == null) {
            throw new IllegalArgumentException(
                    record.getClass().getSimpleName() + " has no key " + key);
        }
        return read(accessor, record);
    }

    /** The keys that only the type of an object has; null for the keys of other types. */
    private static @Nullable Object ofVariant(Object variant, String type, String key) {
        if (key.equals("type")) {
            return type;
        }
        Method accessor = ACCESSORS.get(variant.getClass()).get(plain(key));
        return accessor == null ? null : read(accessor, variant);
    }

    private static @Nullable Object read(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(accessor + " cannot be read", e);
        }
    }

    private static Map<String, Method> accessors(Class<?> type) {
        Map<String, Method> accessors = new HashMap<>();
        RecordComponent[] components = type.getRecordComponents();
        if (components != null) {
            for (RecordComponent component : components) {
                accessors.put(plain(component.getName()), component.getAccessor());
            }
        }
        return accessors;
    }

    /** A key or a component without what only one of them has. */
    private static String plain(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** {@code maxReplyTime} as {@code max-reply-time}. */
    private static String dashed(String camel) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (Character.isUpperCase(c) && i > 0) {
                out.append('-');
            }
            out.append(c);
        }
        return out.toString().toLowerCase(Locale.ROOT);
    }
}
