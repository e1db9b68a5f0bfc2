package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Functions {@code sys.*}. */
public final class SysFunctions {

    @RuleFunction("Times as text, in GMT.")
    public final Formatting gmtime = new Formatting(ZoneOffset.UTC);

    @RuleFunction("Times as text, in the zone of this machine.")
    public final Formatting localtime = new Formatting(ZoneId.systemDefault());

    private static final class Names {
        private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");
        static final String HOST = find();

        /** From the kernel, because the JDK would ask for an address of the name, too. */
        private static String find() {
            try {
                String name = Files.readString(KERNEL).strip();
                if (!name.isEmpty()) {
                    return name;
                }
            } catch (IOException e) {
                // Not on Linux.
            }
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
    }

    /** Functions {@code sys.gmtime.*} and {@code sys.localtime.*}. */
    public static final class Formatting {
        private final ZoneId zone;

        Formatting(ZoneId zone) {
            this.zone = zone;
        }

        @RuleFunction
        public String format(@Nullable String format) {
            return Strftime.format(orEmpty(format), Instant.now().atZone(zone));
        }

        @RuleFunction("The time, in seconds since 1970, written with strftime's letters.")
        public String format(@Nullable String format, Any time) {
            Instant at = Instant.ofEpochSecond(Numbers.whole(time.value()));
            return Strftime.format(orEmpty(format), at.atZone(zone));
        }
    }

    SysFunctions() {}

    @RuleFunction("The name of this machine, without its domain.")
    public String hostname() {
        int dot = Names.HOST.indexOf('.');
        return dot < 0 ? Names.HOST : Names.HOST.substring(0, dot);
    }

    @RuleFunction("The domain of this machine.")
    public String domainname() {
        int dot = Names.HOST.indexOf('.');
        return dot < 0 ? "" : Names.HOST.substring(dot + 1);
    }

    @RuleFunction("The number of this process.")
    public double getpid() {
        return ProcessHandle.current().pid();
    }

    @RuleFunction("The time, in seconds since 1970, as GMT text.")
    public String timeToString(Any time) {
        return gmtime.format("%a, %d %b %Y %T GMT", time);
    }

    @RuleFunction("0: the cryptography is not FIPS-certified.")
    public int isFIPS() {
        return 0;
    }
}
