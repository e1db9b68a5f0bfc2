package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ManualTicker;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class FileHandlesTest {

    private static final int OPENED = 200;

    @Test
    void areCountedAnewAfterASecond() throws Exception {
        ManualTicker ticker = new ManualTicker();
        FileHandles handles = new FileHandles(ticker);
        FileHandles.Count before = handles.count();
        List<InputStream> opened = new ArrayList<>();
        try {
            for (int i = 0; i < OPENED; i++) {
                opened.add(Files.newInputStream(Path.of("/dev/null")));
            }
            ticker.advance(Duration.ofMillis(999));
            assertThat(handles.count()).isSameAs(before);
            ticker.advance(Duration.ofMillis(1));
            // Others may open and close some meanwhile.
            assertThat(handles.count().open()).isGreaterThan(before.open() + OPENED / 2);
            assertThat(handles.count().max()).isGreaterThanOrEqualTo(handles.count().open());
        } finally {
            for (InputStream each : opened) {
                each.close();
            }
        }
    }
}
