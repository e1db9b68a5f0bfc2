package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many who change the same thing at once. */
class ConcurrentWritersTest {

    private static final int WRITERS = 50;

    @TempDir Path directory;

    @Test
    void fiftyWritersLoseNothing() throws Exception {
        try (SoapRig rig = SoapRig.managed(directory, "pools: {web: {nodes: [\"10.0.0.1:1\"]}}\n");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 2; i <= WRITERS + 1; i++) {
                String node = "10.0.0." + i + ":1";
                answers.add(
                        threads.submit(() -> rig.call("Pool.addNodes", list("web"), lists(node))));
            }
            for (Future<String> answer : answers) {
                assertThat(Answers.texts(answer.get(60, TimeUnit.SECONDS))).isEmpty();
            }
            assertThat(Answers.texts(rig.call("Pool.getNodes", list("web"))).split(","))
                    .hasSize(WRITERS + 1);
        }
    }
}
