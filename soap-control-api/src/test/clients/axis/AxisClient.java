import com.zeus.soap.zxtm._1_0.*;
import com.zeus.soap.zxtm._1_0.Pool.*;
import com.zeus.soap.zxtm._1_0.VirtualServer.*;

import java.net.URL;
import java.util.Arrays;

import javax.xml.rpc.Stub;

/**
 * Uses the control API through the stubs that Axis 1.4 makes of the descriptions. Prints one line
 * for each step; ends with a status other than 0 when a step does not do what it should.
 */
public final class AxisClient {

    private static String user;
    private static String password;

    private AxisClient() {}

    public static void main(String[] args) throws Exception {
        URL address = new URL(args[0] + "/soap");
        user = args[1];
        password = args[2];
        PoolPort pool = signedIn(new PoolLocator().getPoolPort(address));
        VirtualServerPort server =
                signedIn(new VirtualServerLocator().getVirtualServerPort(address));

        String[] names = {"axis"};
        pool.addPool(names, new String[][] {{"127.0.0.1:111", "127.0.0.1:112"}});
        expect(
                "created",
                Arrays.deepToString(pool.getNodes(names)),
                "[[127.0.0.1:111, 127.0.0.1:112]]");

        String[][] first = {{"127.0.0.1:111"}};
        pool.addDrainingNodes(names, first);
        expect("drained", Arrays.deepToString(pool.getDrainingNodes(names)), "[[127.0.0.1:111]]");
        expect("idle", Arrays.toString(pool.getNodesConnectionCounts(first[0])), "[0]");
        pool.removeDrainingNodes(names, first);
        expect("undrained", Arrays.deepToString(pool.getDrainingNodes(names)), "[[]]");

        PoolWeightingsDefinition weight = new PoolWeightingsDefinition();
        weight.setNode("127.0.0.1:112");
        weight.setWeighting(8);
        pool.setNodesWeightings(names, new PoolWeightingsDefinition[][] {{weight}});
        expect("weight", pool.getWeightings(names)[0][1].getWeighting(), 8);

        pool.setLoadBalancingAlgorithm(
                names, new PoolLoadBalancingAlgorithm[] {PoolLoadBalancingAlgorithm.wroundrobin});
        expect(
                "algorithm",
                pool.getLoadBalancingAlgorithm(names)[0],
                PoolLoadBalancingAlgorithm.wroundrobin);

        VirtualServerBasicInfo info = new VirtualServerBasicInfo();
        info.setPort(8211);
        info.setProtocol(VirtualServerProtocol.http);
        info.setDefault_pool("axis");
        server.addVirtualServer(names, new VirtualServerBasicInfo[] {info});
        expect("server", server.getBasicInfo(names)[0].getPort(), 8211);
        expect("stopped", server.getEnabled(names)[0], false);

        try {
            pool.getNodes(new String[] {"nope"});
            throw new IllegalStateException("no fault");
        } catch (ObjectDoesNotExist fault) {
            expect("object", fault.getObject(), "nope");
        }
        try {
            pool.addDrainingNodes(new String[] {"axis"}, new String[][] {{"10.9.9.9:9"}});
            throw new IllegalStateException("no fault");
        } catch (InvalidInput fault) {
            expect("value", fault.getValue(), "10.9.9.9:9");
        }
    }

    private static <T> T signedIn(T port) {
        ((Stub) port)._setProperty(Stub.USERNAME_PROPERTY, user);
        ((Stub) port)._setProperty(Stub.PASSWORD_PROPERTY, password);
        return port;
    }

    private static void expect(String what, Object found, Object expected) {
        System.out.println(what + ": " + found);
        if (!found.equals(expected)) {
            throw new IllegalStateException(what + ": found " + found + ", expected " + expected);
        }
    }
}
