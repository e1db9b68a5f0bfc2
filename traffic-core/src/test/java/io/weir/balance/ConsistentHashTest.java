package io.weir.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class ConsistentHashTest {

    private static final PoolConfig.HashKey PATH =
            new PoolConfig.HashKey(PoolConfig.HashKey.Kind.PATH, null);
    private static final int KEYS = 10_000;

    @Test
    void addingANodeMovesItsShareAndNothingElse() {
        List<NodeAddress> ten = Nodes.equal(10).addresses();
        List<NodeAddress> eleven = Nodes.equal(11).addresses();
        NodeAddress[] before = owners(ten);
        NodeAddress[] after = owners(eleven);

        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            if (!before[key].equals(after[key])) {
                moved++;
                assertThat(after[key]).isEqualTo(eleven.getLast());
            }
        }
        assertThat(moved).isBetween(KEYS / 11 * 7 / 10, KEYS / 11 * 13 / 10);
    }

    @Test
    void theOrderOfTheNodesDoesNotMatter() {
        List<NodeAddress> nodes = new ArrayList<>(Nodes.equal(10).addresses());
        NodeAddress[] before = owners(nodes);
        Collections.shuffle(nodes, new Random(3));

        assertThat(owners(nodes)).isEqualTo(before);
    }

    @Test
    void keysAreSpreadEvenly() {
        Nodes nodes = Nodes.equal(10);
        ConsistentHash balancer = new ConsistentHash(PATH, nodes.addresses());

        for (int count : nodes.count(balancer, nodes.open(), KEYS, 0)) {
            assertThat(count).isBetween(KEYS / 10 * 8 / 10, KEYS / 10 * 12 / 10);
        }
    }

    @Test
    void aHotKeySpillsOverAtTheBoundAndEveryNodeStaysBelowIt() {
        Nodes nodes = Nodes.equal(4);
        ConsistentHash balancer = new ConsistentHash(PATH, nodes.addresses());

        for (int i = 1; i <= 400; i++) {
            nodes.begin(balancer.pick(nodes.open(), key -> 42, 0));
            for (int node = 0; node < 4; node++) {
                assertThat(nodes.load(node))
                        .isLessThanOrEqualTo((int) Math.ceil(ConsistentHash.BOUND * i / 4));
            }
        }
        assertThat(List.of(nodes.load(0), nodes.load(1), nodes.load(2), nodes.load(3)))
                .as("the key's own node is used up to the bound")
                .contains(125);
    }

    @Test
    void weightsAreShares() {
        Nodes nodes = Nodes.weighted(1, 2, 5);
        ConsistentHash balancer = new ConsistentHash(PATH, nodes.addresses());

        int[] counts = nodes.count(balancer, nodes.open(), KEYS, 0);

        assertThat(counts[0]).isBetween(1000, 1500);
        assertThat(counts[1]).isBetween(2100, 2900);
        assertThat(counts[2]).isBetween(5700, 6800);
    }

    @Test
    void theOrderOfTheNodesDoesNotMatterWithWeights() {
        List<NodeAddress> nodes = Nodes.equal(4).addresses();
        NodeAddress[] owners = owners(nodes, 1, 2, 3, 4);

        assertThat(owners(nodes.reversed(), 4, 3, 2, 1)).isEqualTo(owners);
    }

    @Test
    void addingANodeInFrontMovesOnlyItsKeysWithWeights() {
        List<NodeAddress> nodes = new ArrayList<>(Nodes.equal(4).addresses());
        NodeAddress[] before = owners(nodes, 1, 2, 3, 4);
        NodeAddress fresh = new NodeAddress("10.0.1.1", 80);
        nodes.addFirst(fresh);

        NodeAddress[] after = owners(nodes, 2, 1, 2, 3, 4);

        for (int key = 0; key < KEYS; key++) {
            assertThat(after[key]).isIn(before[key], fresh);
        }
    }

    @Test
    void eachKeyMovesOnceWhileANodeIsRampedIn() {
        Nodes nodes = Nodes.equal(5);
        ConsistentHash balancer = new ConsistentHash(PATH, nodes.addresses());
        Candidates open = nodes.ramping(-100, -100, 0, -100, -100);

        for (int k = 0; k < 1000; k++) {
            long hash = k;
            boolean moved = false;
            for (long now = 0; now <= 100; now += 5) {
                boolean young = balancer.pick(open, key -> hash, now) == 2;
                assertThat(young || !moved).as("key %s at %s", hash, now).isTrue();
                moved = young;
            }
        }
    }

    @Test
    void extremeHashesFindANode() {
        Nodes nodes = Nodes.equal(3);
        ConsistentHash balancer = new ConsistentHash(PATH, nodes.addresses());

        for (long hash : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(balancer.pick(nodes.open(), key -> hash, 0)).isBetween(0, 2);
        }
    }

    private static NodeAddress[] owners(List<NodeAddress> nodes) {
        return owners(nodes, nodes.stream().mapToInt(_ -> 1).toArray());
    }

    private static NodeAddress[] owners(List<NodeAddress> nodes, int... weights) {
        Candidates open = Nodes.weighted(weights).open();
        ConsistentHash balancer = new ConsistentHash(PATH, nodes);
        NodeAddress[] owners = new NodeAddress[KEYS];
        for (int k = 0; k < KEYS; k++) {
            long hash = k;
            owners[k] = nodes.get(balancer.pick(open, key -> hash, 0));
        }
        return owners;
    }
}
