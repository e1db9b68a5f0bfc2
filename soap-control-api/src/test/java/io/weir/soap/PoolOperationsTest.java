package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class PoolOperationsTest {

    private static final String CONFIG =
            """
            virtual-servers:
              shop: {listen: "127.0.0.1:0", pool: web}
            pools:
              web: {nodes: ["127.0.0.1:81", "127.0.0.1:82"]}
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
    void answersAsTheModelProductDoes() {
        System.out.println(rig.call("Pool.getPoolNames"));
        System.out.println(rig.call("Pool.getNodes", list("web")));
        System.out.println(rig.call("Pool.getNodes", list("nope")));
        System.out.println(rig.call("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:81")));
        System.out.println(rig.call("Pool.getDrainingNodes", list("web")));
        System.out.println(rig.call("Pool.setMaxReplyTime", list("web"), list("77")));
        System.out.println(rig.call("Pool.getMaxReplyTime", list("web")));
        System.out.println(rig.call("Pool.addNodes", list("web"), lists("127.0.0.1:83")));
        System.out.println(rig.call("Pool.getWeightings", list("web")));
        System.out.println(rig.send("<a"));
        assertThat(rig.call("Pool.getPoolNames")).contains("web");
    }
}
