package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.config.ResourceFile;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions {@code resource.*}: files of the directory {@code resources}, which are in memory and
 * are found by their name and nothing else.
 */
public final class ResourceFunctions {

    private final CurrentRun run;

    ResourceFunctions(CurrentRun run) {
        this.run = run;
    }

    private @Nullable ResourceFile file(@Nullable String name) {
        run.side();
        return run.world().resource(orEmpty(name));
    }

    @RuleFunction("Whether there is a file of that name in the directory resources.")
    public int exists(@Nullable String name) {
        return file(name) == null ? 0 : 1;
    }

    @RuleFunction("The bytes of a file in the directory resources; empty if there is none.")
    public String get(@Nullable String name) {
        ResourceFile file = file(name);
        return file == null ? "" : file.content();
    }

    @RuleFunction("The lines of a file in the directory resources.")
    public List<String> getLines(@Nullable String name) {
        List<String> lines = new ArrayList<>(get(name).lines().toList());
        return lines;
    }

    @RuleFunction("The MD5 digest of a file, 16 bytes; empty if there is none.")
    public String getMD5(@Nullable String name) {
        ResourceFile file = file(name);
        if (file == null) {
            return "";
        }
        try {
            return Bytes.text(MessageDigest.getInstance("MD5").digest(Bytes.of(file.content())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    @RuleFunction(
            "When a file was written last, in seconds since 1970; 0 if there is no such file.")
    public double getMTime(@Nullable String name) {
        ResourceFile file = file(name);
        return file == null ? 0 : file.modified().getEpochSecond();
    }
}
