package io.weir.config.load;

import io.weir.config.AdmissionConfig;
import io.weir.config.BandwidthConfig;
import io.weir.config.OverloadConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.ProtectionConfig.AddressFile;
import io.weir.config.RateConfig;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes protection, rate and bandwidth classes, and admission; see {@link Binder}. */
final class ClassBinder {

    private final Path directory;
    private final RuleBinder.Files files;
    private final Problems problems;

    /**
     * @param directory what file names are relative to
     */
    ClassBinder(Path directory, RuleBinder.Files files, Problems problems) {
        this.directory = directory;
        this.files = files;
        this.problems = problems;
    }

    static AdmissionConfig admission(Section s) {
        return new AdmissionConfig(
                s.flag("enabled"),
                s.count("min-limit"),
                s.count("max-limit"),
                s.count("tolerance"),
                s.time("min-latency"));
    }

    static OverloadConfig overload(Section s) {
        return new OverloadConfig(
                s.count("max-connections"), s.count("max-memory"), s.time("max-loop-lag"));
    }

    ProtectionConfig protection(String name, Section s) {
        return new ProtectionConfig(
                name,
                s.flag("enabled"),
                s.flag("testing"),
                s.flag("debug"),
                s.time("log-time"),
                s.textOrNull("rule"),
                Addresses.blocks(s, "allowed"),
                addressFiles(s, "allowed-files"),
                Addresses.blocks(s, "banned"),
                addressFiles(s, "banned-files"),
                s.count("max-1-connections"),
                s.count("max-10-connections"),
                s.count("min-connections"),
                s.count("max-connection-rate"),
                s.time("rate-timer"),
                s.count("subnet-prefix-v6"),
                s.count("max-addresses"),
                s.flag("check-rfc2396"),
                (int) s.size("max-url-length"),
                (int) s.size("max-header-length"),
                (int) s.size("max-request-length"),
                s.size("max-body-length"),
                s.flag("reject-binary"),
                s.flag("send-error-page"),
                s.textOrNull("note"));
    }

    static RateConfig rate(String name, Section s) {
        return new RateConfig(
                name,
                s.count("max-rate-per-second"),
                s.count("max-rate-per-minute"),
                s.count("max-queue"),
                s.time("queue-timeout"),
                s.count("max-contexts"),
                s.textOrNull("note"));
    }

    static BandwidthConfig bandwidth(String name, Section s) {
        return new BandwidthConfig(
                name,
                s.count("maximum"),
                s.choice("sharing", BandwidthConfig.Sharing.class),
                s.textOrNull("note"));
    }

    private List<AddressFile> addressFiles(Section s, String key) {
        List<AddressFile> list = new ArrayList<>();
        if (!(s.node(key) instanceof Sequence sequence)) {
            return list;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            if (!(item instanceof Scalar scalar) || problems.isFaulty(item)) {
                continue;
            }
            String path = s.path(key) + "[" + i + "]";
            try {
                Path file = directory.resolve(scalar.text()).toAbsolutePath().normalize();
                list.add(new AddressFile(file, blocks(scalar, path, files.read(file))));
            } catch (InvalidPathException e) {
                unreadable(scalar, path, "it is not a path");
            } catch (IOException e) {
                unreadable(scalar, path, SourceFiles.reason(e));
            }
        }
        return list;
    }

    private void unreadable(Scalar file, String path, String reason) {
        problems.error(
                file.place(),
                path,
                ProblemCode.ADDRESS_FILE,
                path + ": the file " + file.shown() + " cannot be read: " + reason);
    }

    /** One block on a line; the rest of a line behind # is a comment. */
    private List<String> blocks(Scalar file, String path, String text) {
        List<String> blocks = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int comment = line.indexOf('#');
            String word = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (word.isEmpty()) {
                continue;
            }
            try {
                blocks.add(Addresses.block(word));
            } catch (Malformed e) {
                problems.error(
                        file.place(),
                        path,
                        ProblemCode.ADDRESS_FILE,
                        path
                                + ": the file "
                                + file.shown()
                                + ", line "
                                + (i + 1)
                                + ": found "
                                + Node.quote(word)
                                + ", "
                                + e.reason());
                break;
            }
        }
        return blocks;
    }
}
