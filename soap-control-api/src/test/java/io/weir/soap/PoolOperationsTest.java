package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.control.Author;
import io.weir.control.NodeCommand;
import io.weir.control.RefusedException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Pools and their nodes, as utility managers use them. */
class PoolOperationsTest {

    private static final String CONFIG =
            """
            virtual-servers:
              shop: {listen: "127.0.0.1:0", pool: web}
            pools:
              web: {nodes: ["127.0.0.1:81", "127.0.0.1:82"]}
              spare: {nodes: ["127.0.0.1:81"]}
            """;

    @TempDir Path directory;
    private SoapRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = SoapRig.managed(directory, CONFIG);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void drainsANodeInOnePoolAndEndsTheDrain() {
        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:81"));

        assertThat(rig.items("Pool.getDrainingNodes", list("web", "spare")))
                .isEqualTo("[[127.0.0.1:81], []]");
        assertThat(rig.items("Pool.getNodes", list("web")))
                .isEqualTo("[[127.0.0.1:81, 127.0.0.1:82]]");

        rig.items("Pool.removeDrainingNodes", list("web"), lists("127.0.0.1:81"));
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[]]");
    }

    @Test
    void replacesTheWholeSetOfDrainingNodes() {
        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:81"));
        rig.items("Pool.setDrainingNodes", list("web"), lists("127.0.0.1:82"));

        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[127.0.0.1:82]]");
    }

    @Test
    void keepsDisabledNodesOutOfTheNodesButNotOutOfTheWeights() {
        rig.items("Pool.disableNodes", list("web"), lists("127.0.0.1:82"));

        assertThat(rig.items("Pool.getNodes", list("web"))).isEqualTo("[[127.0.0.1:81]]");
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[127.0.0.1:82]]");
        assertThat(rig.items("Pool.getWeightings", list("web")))
                .isEqualTo("[[[127.0.0.1:81, 1], [127.0.0.1:82, 1]]]");

        rig.items("Pool.enableNodes", list("web"), lists("127.0.0.1:82"));
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[]]");
    }

    @Test
    void setNodesWakesDisabledNodesAndLeavesDrainsAlone() {
        rig.items("Pool.disableNodes", list("web"), lists("127.0.0.1:82"));
        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:81"));

        rig.items("Pool.setNodes", list("web"), lists("127.0.0.1:83,127.0.0.1:82,127.0.0.1:81"));

        assertThat(rig.items("Pool.getNodes", list("web")))
                .isEqualTo("[[127.0.0.1:83, 127.0.0.1:82, 127.0.0.1:81]]");
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[127.0.0.1:81]]");
    }

    /** Somebody drains 127.0.0.1:82 in all pools. */
    private void drainEverywhere() throws RefusedException {
        rig.control.setNode(
                NodeCommand.of(new NodeAddress("127.0.0.1", 82), new NodeCommand.Drain()),
                new Author("alice", Author.Channel.SOAP, "127.0.0.1", true));
    }

    @Test
    void enablingANodeLeavesADrainForAllPoolsAlone() throws Exception {
        drainEverywhere();
        rig.items("Pool.disableNodes", list("web"), lists("127.0.0.1:82"));
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[127.0.0.1:82]]");
        rig.items("Pool.enableNodes", list("web"), lists("127.0.0.1:82"));
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[]]");
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[127.0.0.1:82]]");

        rig.items("Pool.disableNodes", list("web"), lists("127.0.0.1:82"));
        rig.items("Pool.setNodes", list("web"), lists("127.0.0.1:81,127.0.0.1:82"));
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[]]");
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[127.0.0.1:82]]");
    }

    @Test
    void aNodeThatComesBackDrainsWhereAllPoolsDrainIt() throws Exception {
        rig.items("Pool.disableNodes", list("web"), lists("127.0.0.1:82"));
        rig.items("Pool.addNodes", list("spare"), lists("127.0.0.1:82"));
        drainEverywhere();
        rig.items("Pool.removeNodes", list("web"), lists("127.0.0.1:82"));
        rig.items("Pool.addNodes", list("web"), lists("127.0.0.1:82"));

        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[]]");
        assertThat(rig.items("Pool.getDrainingNodes", list("web", "spare")))
                .isEqualTo("[[127.0.0.1:82], [127.0.0.1:82]]");
    }

    @Test
    void forgetsADecisionAboutANodeThatIsRemoved() {
        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:82"));
        rig.items("Pool.removeNodes", list("web"), lists("127.0.0.1:82"));
        rig.items("Pool.addNodes", list("web"), lists("127.0.0.1:82,127.0.0.1:81"));

        assertThat(rig.items("Pool.getNodes", list("web")))
                .isEqualTo("[[127.0.0.1:81, 127.0.0.1:82]]");
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[]]");
    }

    @Test
    void newNodesAndTheDecisionsAboutThemAreOneStep() {
        rig.items("Pool.disableNodes", list("web"), lists("127.0.0.1:81"));
        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:82"));
        long revision = rig.control.desired().revision();

        String answer =
                rig.call(
                        "Pool.setNodes",
                        list("web", "spare"),
                        lists("127.0.0.1:81,127.0.0.1:83", "not a node"));
        assertThat(Answers.fault(answer)).startsWith("InvalidInput spare");
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[127.0.0.1:81]]");
        assertThat(rig.control.desired().revision()).isEqualTo(revision);

        rig.items("Pool.setNodes", list("web"), lists("127.0.0.1:81,127.0.0.1:83"));
        assertThat(rig.items("Pool.getNodes", list("web")))
                .isEqualTo("[[127.0.0.1:81, 127.0.0.1:83]]");
        assertThat(rig.items("Pool.getDisabledNodes", list("web"))).isEqualTo("[[]]");
        assertThat(rig.control.desired().revision()).isEqualTo(revision + 1);
        assertThat(rig.control.overlay().entries())
                .as("no drain waits for a node that is gone")
                .noneMatch(entry -> entry.node().port() == 82);

        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:83"));
        rig.items("Pool.removeNodes", list("web"), lists("127.0.0.1:83"));
        rig.items("Pool.addNodes", list("web"), lists("127.0.0.1:83"));
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[]]");
    }

    @Test
    void setsWeightsFromOneToAHundred() {
        String weights = "<v><a><d><weighting>7</weighting><node>127.0.0.1:81</node></d></a></v>";
        rig.items("Pool.setNodesWeightings", list("web"), weights);
        assertThat(rig.items("Pool.getNodesWeightings", list("web"), lists("127.0.0.1:81")))
                .isEqualTo("[[[127.0.0.1:81, 7]]]");

        String answer =
                rig.call("Pool.setNodesWeightings", list("web"), weights.replace(">7<", ">101<"));
        assertThat(Answers.fault(answer)).isEqualTo("InvalidInput web weight 101");
    }

    @Test
    void appliesNothingWhenOnePartOfACallIsWrong() {
        String answer =
                rig.call(
                        "Pool.addDrainingNodes",
                        list("web", "spare"),
                        lists("127.0.0.1:81", "127.0.0.1:99"));

        assertThat(Answers.fault(answer)).isEqualTo("InvalidInput spare nodes 127.0.0.1:99");
        assertThat(rig.items("Pool.getDrainingNodes", list("web"))).isEqualTo("[[]]");
    }

    @Test
    void namesThePoolThatDoesNotExist() {
        String answer = rig.call("Pool.getNodes", list("web", "nope"));

        assertThat(Answers.fault(answer)).isEqualTo("ObjectDoesNotExist nope");
        assertThat(answer).contains("Unknown pool 'nope'").contains("does not exist");
    }

    @Test
    void createsCopiesRenamesAndDeletesPools() {
        rig.items("Pool.addPool", list("a", "b"), lists("127.0.0.1:90,127.0.0.1:91", ""));
        rig.items("Pool.copyPool", list("a"), list("c"));
        rig.items("Pool.renamePool", list("web"), list("www"));
        rig.items("Pool.deletePool", list("b"));

        assertThat(rig.items("Pool.getPoolNames")).isEqualTo("[a, c, spare, www]");
        assertThat(rig.items("Pool.getNodes", list("c")))
                .isEqualTo("[[127.0.0.1:90, 127.0.0.1:91]]");
        assertThat(rig.items("VirtualServer.getDefaultPool", list("shop"))).isEqualTo("[www]");
        assertThat(Answers.fault(rig.call("Pool.deletePool", list("www"))))
                .isEqualTo("ObjectInUse www");
        assertThat(Answers.fault(rig.call("Pool.addPool", list("a"), lists(""))))
                .isEqualTo("ObjectAlreadyExists a");
        assertThat(Answers.fault(rig.call("Pool.addPool", list("a/b"), lists(""))))
                .isEqualTo("InvalidObjectName a/b");
    }

    @Test
    void readsAndWritesSettingsUnderTheirWords() {
        rig.items("Pool.setMaxReplyTime", list("web"), list("77"));
        rig.items("Pool.setLoadBalancingAlgorithm", list("web"), list("cells"));
        rig.items("Pool.setMonitors", list("web"), lists("Simple HTTP,Connect"));
        rig.items("Pool.addMonitors", list("web"), lists("Ping"));
        rig.items("Pool.setFailpool", list("web"), list("spare"));
        rig.items("Pool.setSSLEncrypt", list("web"), list("1"));

        assertThat(rig.items("Pool.getMaxReplyTime", list("web", "spare"))).isEqualTo("[77, 30]");
        assertThat(rig.items("Pool.getLoadBalancingAlgorithm", list("web"))).isEqualTo("[cells]");
        assertThat(rig.items("Pool.getMonitors", list("web")))
                .isEqualTo("[[Simple HTTP, Connect, Ping]]");
        assertThat(rig.items("Pool.getFailpool", list("web"))).isEqualTo("[spare]");
        assertThat(rig.items("Pool.getSSLStrictVerify", list("web"))).isEqualTo("[true]");
        assertThat(Answers.fault(rig.call("Pool.setFailpool", list("web"), list("nope"))))
                .isEqualTo("InvalidInput web failure-pool nope");

        rig.items("Pool.setFailpool", list("web"), list(""));
        assertThat(rig.items("Pool.getFailpool", list("web"))).isEqualTo("[]");
    }

    @Test
    void tellsOfCapabilitiesThatWeirLacks() {
        String answer = rig.call("Pool.setAutoscaleMaxNodes", list("web"), list("7"));

        assertThat(Answers.fault(answer)).isEqualTo("InvalidOperation AutoscaleMaxNodes  ");
        assertThat(answer).contains("no autoscaling");
        assertThat(rig.items("Pool.getAutoscaleEnabled", list("web"))).isEqualTo("[false]");
        assertThat(Answers.fault(rig.call("Pool.setAutoscaleEnabled", list("web"), list("1"))))
                .startsWith("InvalidInput web");
    }

    @Test
    void takesTheOneLocationAndNoOther() {
        assertThat(rig.items("Pool.getMaxReplyTimeByLocation", "<l>Default</l>", list("web")))
                .isEqualTo("[30]");
        assertThat(
                        Answers.fault(
                                rig.call(
                                        "Pool.getMaxReplyTimeByLocation",
                                        "<l>Rome</l>",
                                        list("web"))))
                .isEqualTo("InvalidInput Rome location Rome");
    }

    @Test
    void countsWhatIsOnANodeAndRefusesNodesThatItDoesNotKnow() {
        assertThat(rig.items("Pool.getNodesConnectionCounts", list("127.0.0.1:81")))
                .isEqualTo("[0]");
        assertThat(Answers.fault(rig.call("Pool.getNodesConnectionCounts", list("10.9.9.9:1"))))
                .startsWith("InvalidInput");
    }
}
