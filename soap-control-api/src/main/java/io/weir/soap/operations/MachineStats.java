package io.weir.soap.operations;

import com.sun.management.UnixOperatingSystemMXBean;

import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures of the machine, from {@code /proc}: processor, memory, file handles and network
 * interfaces. 0 where the system does not say.
 */
final class MachineStats {

    private static final Path PROC = Path.of("/proc");

    /** Places of the columns of {@code /proc/net/dev}. */
    private static final Map<String, Integer> COLUMNS =
            Map.of(
                    "RxBytes", 0,
                    "RxPackets", 1,
                    "RxErrors", 2,
                    "TxBytes", 8,
                    "TxPackets", 9,
                    "TxErrors", 10,
                    "Collisions", 13);

    private final ProcessorTimes processor = new ProcessorTimes();

    private MachineStats() {}

    static void register(Handlers handlers) {
        MachineStats stats = new MachineStats();
        String s = "System.Stats.get";
        handlers.on(s + "InterfaceNumber", call -> (long) interfaces().size());
        handlers.on(s + "Interfaces", call -> List.copyOf(interfaces().keySet()));
        COLUMNS.forEach(
                (figure, column) ->
                        handlers.on(s + "Interface" + figure, call -> interfaces(call, column)));
        handlers.on(s + "SysMemTotal", call -> megabytes("MemTotal"));
        handlers.on(s + "SysMemFree", call -> megabytes("MemFree"));
        handlers.on(s + "SysMemBuffered", call -> megabytes("Buffers") + megabytes("Cached"));
        handlers.on(s + "SysMemInUse", call -> megabytes("MemTotal") - megabytes("MemAvailable"));
        handlers.on(s + "SysMemSwapTotal", call -> megabytes("SwapTotal"));
        handlers.on(s + "SysMemSwapped", call -> megabytes("SwapTotal") - megabytes("SwapFree"));
        handlers.on(s + "SysCPUBusyPercent", call -> stats.processor.percent().busy());
        handlers.on(s + "SysCPUIdlePercent", call -> 100 - stats.processor.percent().busy());
        handlers.on(s + "SysCPUUserBusyPercent", call -> stats.processor.percent().user());
        handlers.on(s + "SysCPUSystemBusyPercent", call -> stats.processor.percent().system());
        handlers.on(s + "SysFDsFree", call -> fileHandles());
        handlers.on(s + "NumberChildProcesses", call -> 1L);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(PROC.resolve(file));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Map<String, String[]> interfaces() {
        Map<String, String[]> all = new LinkedHashMap<>();
        for (String line : lines("net/dev")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                all.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip().split("\\s+", -1));
            }
        }
        return all;
    }

    private static Object interfaces(Call call, int column) throws SoapProblem {
        Map<String, String[]> all = interfaces();
        List<Long> figures = new ArrayList<>();
        for (String name : call.texts(0)) {
            String[] columns = all.get(name);
            if (columns == null) {
                throw SoapProblem.invalid(
                        "Unknown interface '" + name + "': it could not be found",
                        name,
                        "interfaces",
                        name);
            }
            figures.add(column < columns.length ? Long.parseLong(columns[column]) : 0L);
        }
        return figures;
    }

    private static long megabytes(String key) {
        for (String line : lines("meminfo")) {
            if (line.startsWith(key + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        return 0;
    }

    private static long fileHandles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount()
                : 0;
    }

    /** Where the time of the processors goes. Safe for every thread. */
    private static final class ProcessorTimes {

        /** Two looks that are nearer to each other than this, in ticks, would tell nothing. */
        private static final long SPAN = 100;

        private long @Nullable [] before;
        private Percent last = new Percent(0, 0);

        /** Shares since about the last time somebody asked; at first since the machine began. */
        synchronized Percent percent() {
            long[] now = read();
            long[] then = before;
            if (now.length < 4) {
                return last;
            }
            long user = now[0] + now[1] - (then == null ? 0 : then[0] + then[1]);
            long system = now[2] - (then == null ? 0 : then[2]);
            long idle = now[3] - (then == null ? 0 : then[3]);
            long all = user + system + idle;
            if (all >= SPAN) {
                before = now;
                last =
                        new Percent(
                                Math.round(100.0 * user / all), Math.round(100.0 * system / all));
            }
            return last;
        }

        private static long[] read() {
            List<String> lines = lines("stat");
            if (lines.isEmpty()) {
                return new long[0];
            }
            String[] words = lines.getFirst().split("\\s+", -1);
            long[] times = new long[words.length - 1];
            for (int i = 0; i < times.length; i++) {
                times[i] = words[i + 1].isEmpty() ? 0 : Long.parseLong(words[i + 1]);
            }
            return times;
        }
    }

    /** Per cent of the time of all processors. */
    private record Percent(long user, long system) {

        long busy() {
            return Math.min(100, user + system);
        }
    }
}
