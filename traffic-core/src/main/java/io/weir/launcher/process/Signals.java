package io.weir.launcher.process;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The class behind them, {@code sun.misc.Signal}, is exported and
 * supported, but javac warns of every mention of it with a warning that cannot be switched off, so
 * it is reached by reflection.
 */
final class Signals {

    private Signals() {}

    /**
     * Calls {@code handler}, on a thread of the JVM, for every {@code name} signal from now on.
     *
     * @param name such as {@code TERM}
     * @return false when this system or JVM does not let us have the signal
     */
    static boolean handle(String name, Runnable handler) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (self, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    handler.run();
                                }
                                return null;
                            });
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            handle.invoke(null, signalType.getConstructor(String.class).newInstance(name), proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // InvocationTargetException: the signal is unknown here, or -Xrs keeps it from us.
            return false;
        }
    }
}
