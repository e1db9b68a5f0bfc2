package io.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the repository that is made by a program and never by hand. */
public final class MadeFile {

    private MadeFile() {}

    /** Fails the test unless the file has this text; with {@code -Dweir.docs=apply} writes it. */
    public static void mustHave(Path file, String text) throws IOException {
        if ("apply".equals(System.getProperty("weir.docs"))) {
            Files.writeString(file, text);
        }
        assertThat(file).as(file + "; run this test with -Dweir.docs=apply to make it").exists();
        assertThat(Files.readString(file))
                .as(file + "; run this test with -Dweir.docs=apply to renew it")
                .isEqualTo(text);
    }
}
