package io.weir.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.persist.SessionTable.NodeSessions;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

class SessionTableTest {

    private static final NodeAddress ONE = new NodeAddress("10.0.0.1", 80);
    private static final NodeAddress TWO = new NodeAddress("10.0.0.2", 80);

    @Test
    void theKeyBeyondTheLimitEvictsTheLeastRecentlyUsedOneAndNoOther() {
        SessionTable table = new SessionTable(2048);
        for (int i = 0; i < 2048; i++) {
            table.put("key " + i, ONE, i);
        }
        // The oldest one is used again, so the second oldest is the one to go.
        assertThat(table.find("key 0", 3000)).isEqualTo(ONE);

        table.put("key 2048", ONE, 3001);

        assertThat(table.size(0)).isEqualTo(2048);
        assertThat(table.evicted()).isEqualTo(1);
        List<String> missing = new ArrayList<>();
        for (int i = 0; i <= 2048; i++) {
            if (table.find("key " + i, 4000) == null) {
                missing.add("key " + i);
            }
        }
        assertThat(missing).containsExactly("key 1");
    }

    @Test
    void itEvictsWhatASimpleModelEvicts() {
        int limit = 50;
        Random random = new Random(20_07);
        SessionTable table = new SessionTable(limit);
        LinkedHashMap<String, NodeAddress> model = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String key = "k" + random.nextInt(120);
            NodeAddress node = random.nextBoolean() ? ONE : TWO;
            switch (random.nextInt(4)) {
                case 0 -> {
                    assertThat(table.find(key, i)).isEqualTo(model.get(key));
                    touch(model, key);
                }
                case 1 -> {
                    table.put(key, node, i);
                    model.remove(key);
                    model.put(key, node);
                }
                case 2 -> {
                    NodeAddress owner = model.get(key);
                    assertThat(table.claim(key, null, node, i))
                            .isEqualTo(owner == null ? node : owner);
                    model.putIfAbsent(key, node);
                    touch(model, key);
                }
                default -> {
                    table.remove(key, node);
                    if (!model.remove(key, node)) {
                        touch(model, key);
                    }
                }
            }
            if (model.size() > limit) {
                model.remove(model.keySet().iterator().next());
            }
            assertThat(table.size(0)).isEqualTo(model.size());
        }
        for (NodeAddress node : List.of(ONE, TWO)) {
            NodeSessions sessions = table.sessions(node, 0);
            assertThat(sessions == null ? 0 : sessions.sessions())
                    .isEqualTo((int) model.values().stream().filter(node::equals).count());
        }
    }

    private static void touch(Map<String, NodeAddress> model, String key) {
        NodeAddress owner = model.remove(key);
        if (owner != null) {
            model.put(key, owner);
        }
    }

    @Test
    void aSessionIsTakenOverOnlyFromTheNodeThatIsExpected() {
        SessionTable table = new SessionTable(10);
        assertThat(table.claim("s", null, ONE, 1)).isEqualTo(ONE);
        assertThat(table.claim("s", null, TWO, 2)).isEqualTo(ONE);
        assertThat(table.claim("s", ONE, TWO, 3)).isEqualTo(TWO);
        assertThat(table.claim("s", ONE, ONE, 4)).isEqualTo(TWO);
        table.remove("s", ONE);
        assertThat(table.find("s", 5)).isEqualTo(TWO);
        table.remove("s", TWO);
        assertThat(table.find("s", 6)).isNull();
        assertThat(table.byNode(0)).isEmpty();
    }

    @Test
    void aNodeKnowsItsSessionsAndTheirLatestUse() {
        SessionTable table = new SessionTable(10);
        table.put("a", ONE, 5);
        table.put("b", ONE, 7);
        table.put("c", TWO, 8);
        table.find("a", 9);
        assertThat(table.byNode(0))
                .containsExactlyInAnyOrder(
                        new NodeSessions(ONE, 2, 9), new NodeSessions(TWO, 1, 8));
        table.put("a", TWO, 10);
        assertThat(table.sessions(ONE, 0)).isEqualTo(new NodeSessions(ONE, 1, 9));
        assertThat(table.sessions(TWO, 0)).isEqualTo(new NodeSessions(TWO, 2, 10));
    }

    @Test
    void aSmallerLimitEvictsTheOldestAtOnce() {
        SessionTable table = new SessionTable(10);
        for (int i = 0; i < 10; i++) {
            table.put("k" + i, ONE, i);
        }
        table.limit(3);
        assertThat(table.size(0)).isEqualTo(3);
        assertThat(table.find("k6", 11)).isNull();
        assertThat(table.find("k7", 11)).isEqualTo(ONE);
    }

    @Test
    void longKeysAndKeysOfAnyCharactersAreDifferentAndCostNoMore() {
        SessionTable table = new SessionTable(10);
        String prefix = "x".repeat(100_000);
        table.put(prefix + "1", ONE, 1);
        table.put(prefix + "2", TWO, 1);
        table.put("Ω", ONE, 1);
        table.put("?", TWO, 1);
        assertThat(table.find(prefix + "1", 2)).isEqualTo(ONE);
        assertThat(table.find(prefix + "2", 2)).isEqualTo(TWO);
        assertThat(table.find("Ω", 2)).isEqualTo(ONE);
        assertThat(table.find("?", 2)).isEqualTo(TWO);
    }

    @Test
    void sessionsOf64BytesEachNeedAtMost16MiBWhenThereAre32768OfThem() {
        long before = usedAfterCollection();
        SessionTable table = new SessionTable(32_768);
        Random random = new Random(1);
        // Twice as many as there is room for, so that what eviction leaves behind counts too.
        for (int i = 0; i < 65_536; i++) {
            table.put(key(random, 64), i % 2 == 0 ? ONE : TWO, i);
        }
        long used = usedAfterCollection() - before;
        assertThat(table.size(0)).isEqualTo(32_768);
        assertThat(used).isLessThan(16L << 20);
        System.out.println("SessionTableTest: 32768 sessions in " + (used >> 10) + " KiB");
    }

    private static String key(Random random, int length) {
        StringBuilder key = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            key.append((char) ('0' + random.nextInt(75)));
        }
        return key.toString();
    }

    private static long usedAfterCollection() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            used =
                    Math.min(
                            used,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    @Test
    void manyThreadsNeverDisagreeAboutTheOwnerOfASession() throws InterruptedException {
        SessionTable table = new SessionTable(1000);
        int threads = 8;
        int keys = 500;
        NodeAddress[][] seen = new NodeAddress[threads][keys];
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            NodeAddress mine = new NodeAddress("10.0.0." + (t + 1), 80);
            NodeAddress[] results = seen[t];
            running.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            start.await();
                                        } catch (InterruptedException e) {
                                            return;
                                        }
                                        for (int k = 0; k < keys; k++) {
                                            results[k] = table.claim("k" + k, null, mine, k);
                                        }
                                    }));
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join();
        }
        for (int k = 0; k < keys; k++) {
            NodeAddress owner = table.find("k" + k, 1000);
            for (int t = 0; t < threads; t++) {
                assertThat(seen[t][k]).isEqualTo(owner);
            }
        }
        assertThat(table.byNode(0).stream().mapToInt(NodeSessions::sessions).sum()).isEqualTo(keys);
    }

    @Test
    void aSessionIsOverSomeTimeAfterItsLatestUse() {
        SessionTable table = new SessionTable(10);
        table.timeout(100);
        table.put("early", ONE, 0);
        table.put("late", ONE, 50);

        assertThat(table.find("early", 99)).isEqualTo(ONE);
        assertThat(table.sessions(ONE, 149)).isEqualTo(new NodeSessions(ONE, 2, 99));
        assertThat(table.sessions(ONE, 150)).isEqualTo(new NodeSessions(ONE, 1, 99));
        assertThat(table.find("late", 120)).as("what was told to be over stays so").isNull();
        assertThat(table.claim("early", null, TWO, 199)).isEqualTo(TWO);
        assertThat(table.find("early", 300)).isNull();
        assertThat(table.byNode(300)).isEmpty();
    }
}
