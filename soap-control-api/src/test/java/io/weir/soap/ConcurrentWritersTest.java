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
    void fiftyWhoDoDifferentThingsGetAllOfThemOrAFault() throws Exception {
        try (SoapRig rig = SoapRig.managed(directory, "pools: {web: {nodes: [\"10.0.0.1:1\"]}}\n");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String name = "p" + i / 5;
                int what = i % 5;
                answers.add(
                        threads.submit(
                                () ->
                                        switch (what) {
                                            case 0, 1 ->
                                                    rig.call(
                                                            "Pool.addPool",
                                                            list(name),
                                                            lists("10.0.0.9:1"));
                                            case 2 ->
                                                    rig.call(
                                                            "Pool.addDrainingNodes",
                                                            list("web"),
                                                            lists("10.0.0.1:1"));
                                            case 3 ->
                                                    rig.call(
                                                            "Pool.setMaxReplyTime",
                                                            list("web"),
                                                            list("7"));
                                            default ->
                                                    rig.call(
                                                            "Pool.setNodes",
                                                            list("web"),
                                                            lists("10.0.0.1:1,10.0.1.1:1"));
                                        }));
            }
            int refused = 0;
            for (Future<String> answer : answers) {
                String text = answer.get(60, TimeUnit.SECONDS);
                refused += text.contains("ObjectAlreadyExists") ? 1 : 0;
                assertThat(text.contains(":Fault>"))
                        .isEqualTo(text.contains("ObjectAlreadyExists"));
            }
            assertThat(refused).as("one of two who make the same pool").isEqualTo(WRITERS / 5);
            assertThat(rig.control.config().pools()).hasSize(1 + WRITERS / 5);
        }
    }

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
