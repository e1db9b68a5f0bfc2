package io.weir.js;

import io.weir.function.Any;
import io.weir.function.Numbers;
import io.weir.function.RuleFunction;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.HostAccess.TargetMappingPrecedence;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

import java.io.InputStream;
import java.io.OutputStream;

/** Contexts in which nothing of the machine can be reached, and much but not all can be used up. */
final class Sandbox {

    /** What Java objects may be touched: what is marked, and nothing else. */
    private static final HostAccess ACCESS =
            HostAccess.newBuilder()
                    .allowAccessAnnotatedBy(RuleFunction.class)
                    .targetTypeMapping(
                            Value.class,
                            String.class,
                            value -> true,
                            value -> Numbers.text(Values.plain(value).value()),
                            TargetMappingPrecedence.LOWEST)
                    .targetTypeMapping(
                            Value.class,
                            Integer.class,
                            value -> true,
                            value -> (int) Numbers.whole(Values.plain(value).value()),
                            TargetMappingPrecedence.LOWEST)
                    .targetTypeMapping(
                            Value.class,
                            Double.class,
                            value -> true,
                            value -> Numbers.number(Values.plain(value).value()),
                            TargetMappingPrecedence.LOWEST)
                    .targetTypeMapping(Value.class, Any.class, value -> true, Values::plain)
                    .build();

    private static final int MAX_STRING = 32 << 20;
    private static final int MAX_ARRAY = 32 << 20;

    private Sandbox() {}

    /** A context in which nothing of the machine can be reached. */
    static Context context(Engine engine) {
        return Context.newBuilder("js")
                .engine(engine)
                .allowHostAccess(ACCESS)
                .allowIO(IOAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowCreateProcess(false)
                .allowCreateThread(false)
                .allowNativeAccess(false)
                .allowHostClassLoading(false)
                .allowExperimentalOptions(true)
                .option("js.bigint", "false")
                .option("js.disable-eval", "true")
                .option("js.graal-builtin", "false")
                .option("js.java-package-globals", "false")
                .option("js.load", "false")
                .option("js.max-typed-array-length", Integer.toString(MAX_ARRAY))
                .option("js.polyglot-builtin", "false")
                .option("js.print", "false")
                .option("js.console", "false")
                .option("js.regexp-static-result", "false")
                .option("js.shared-array-buffer", "false")
                .option("js.string-length-limit", Integer.toString(MAX_STRING))
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
    }
}
