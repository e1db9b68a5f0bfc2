package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Event types and actions as clients of the control API make them. */
class AlertingOperationsTest {

    private static final String CONFIG =
            """
            pools:
              web: {nodes: ["127.0.0.1:81"]}
            event-types:
              Service Failed: {actions: [hook]}
              own: {events: [pools/*, listenfail], objects: [pools/web], actions: [hook]}
            actions:
              hook: {type: webhook, url: "http://127.0.0.1:9/"}
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

    private List<String> events(String type) {
        return Objects.requireNonNull(rig.control.config().eventTypes().get(type)).events();
    }

    @Test
    void actionsOfEveryTypeAreMadeAndThenSetUpKeyByKey() {
        rig.items(
                "Action.addAction",
                list("m", "s", "t", "y", "l", "p"),
                list("email", "soap", "trap", "syslog", "log", "program"));

        assertThat(rig.items("Action.getActionNames")).isEqualTo("[hook, l, m, p, s, t, y]");
        assertThat(rig.items("Action.getActionType", list("m", "s", "t", "y", "l", "p", "hook")))
                .isEqualTo("[email, soap, trap, syslog, log, program, soap]");
        assertThat(rig.items("Action.getEmailSMTPServer", list("m"))).isEqualTo("[]");

        rig.items("Action.setEmailSMTPServer", list("m"), list("mail.example.com"));
        rig.items("Action.setEmailRecipients", list("m"), list("a@example.com, b@example.com"));
        rig.items("Action.setSOAPProxy", list("s"), list("http://127.0.0.1:9/callback"));
        rig.items(
                "Action.setSOAPAuthentication",
                list("s"),
                "<c><a><username>um</username><password>geheim</password></a></c>");
        rig.items("Action.setTrapHost", list("t"), list("::1"));
        rig.items("Action.setSNMPVersion", list("t"), list("snmpv3"));
        rig.items("Action.setSNMPUsername", list("t"), list("weir"));
        rig.items("Action.setSNMPAuthPassword", list("t"), list("long enough"));
        rig.items("Action.setSNMPHashAlg", list("t"), list("md5"));
        rig.items("Action.setSyslogHost", list("y"), list("10.0.0.9:5514"));
        rig.items("Action.setLogFilePath", list("l"), list("pools.log"));
        rig.items("Action.setScriptProgram", list("p"), list("/bin/true"));
        rig.items(
                "Action.addScriptArguments",
                list("p"),
                "<v><a><i><name>to</name><value>ops</value></i></a></v>");
        rig.items("Action.setTimeout", list("p"), list("7"));

        assertThat(rig.items("Action.getEmailSMTPServer", list("m")))
                .isEqualTo("[mail.example.com:25]");
        assertThat(rig.items("Action.getEmailRecipients", list("m")))
                .isEqualTo("[a@example.com,b@example.com]");
        assertThat(rig.items("Action.getSOAPProxy", list("s", "hook")))
                .isEqualTo("[http://127.0.0.1:9/callback, http://127.0.0.1:9/]");
        assertThat(rig.items("Action.getSOAPAuthentication", list("s"))).isEqualTo("[[um, ***]]");
        assertThat(rig.items("Action.getTrapHost", list("t"))).isEqualTo("[[::1]:162]");
        assertThat(rig.items("Action.getSNMPVersion", list("t"))).isEqualTo("[snmpv3]");
        assertThat(rig.items("Action.getSNMPHashAlg", list("t"))).isEqualTo("[md5]");
        assertThat(rig.items("Action.getSyslogHost", list("y"))).isEqualTo("[10.0.0.9:5514]");
        assertThat(rig.items("Action.getScriptArguments", list("p"))).isEqualTo("[[[to, ops, ]]]");
        assertThat(rig.items("Action.getTimeout", list("p"))).isEqualTo("[7]");
        assertThat(rig.items("Action.getActionNamesOfType", "<t>email</t>")).isEqualTo("[m]");
        assertThat(rig.control.desired().document().toString())
                .doesNotContain("geheim")
                .doesNotContain("long enough");

        rig.items("Action.removeSOAPAuthentication", list("s"));
        assertThat(rig.items("Action.getSOAPAuthentication", list("s"))).isEqualTo("[[, ]]");
    }

    @Test
    void actionsThatAreUsedStayAndMistakesNameTheirKey() {
        assertThat(rig.fault("Action.deleteAction", list("hook"))).isEqualTo("ObjectInUse hook");
        assertThat(rig.fault("Action.getActionType", list("no"))).isEqualTo("ObjectDoesNotExist no");
        assertThat(rig.fault("Action.addAction", list("x"), list("pigeon")))
                .startsWith("InvalidInput  types pigeon");
        assertThat(rig.fault("Action.getScriptArguments", list("hook")))
                .startsWith("InvalidOperation hook");
        rig.items("Action.addAction", list("l"), list("log"));
        assertThat(rig.fault("Action.setEmailRecipients", list("l"), list("a@example.com")))
                .startsWith("InvalidInput l to");
        rig.items("Action.renameAction", list("hook"), list("hub"));
        assertThat(rig.items("EventType.getMappedActions", list("own"))).isEqualTo("[[hub]]");
        assertThat(rig.fault("Action.testAction", list("no"))).isEqualTo("ObjectDoesNotExist no");
    }

    @Test
    void eventTypesTellWhatTheyWaitForInTheWordsOfTheInterface() {
        assertThat(rig.items("EventType.getEventTypeNames")).contains("own", "Service Recovered");
        assertThat(rig.items("EventType.getEvents", list("own", "Service Failed", "All Events")))
                .isEqualTo("[[pools_ALL], [pools_pooldied, slm_slmfallenbelowserious], [ALL]]");
        assertThat(rig.items("EventType.getPoolNames", list("own"))).isEqualTo("[[web]]");
        assertThat(rig.items("EventType.getZxtmNames", list("own"))).isEqualTo("[[]]");

        rig.items("EventType.addEvents", list("own"), lists("monitors_monitorfail"));
        rig.items("EventType.removeEvents", list("own"), lists("pools_ALL"));
        rig.items("EventType.addNodeNames", list("own"), lists("127.0.0.1:81"));
        rig.items("EventType.removePoolNames", list("own"), lists("web"));
        rig.items("EventType.setCustomEvents", list("own"), lists("login,logout"));
        rig.items("EventType.setNote", list("own"), list("for us"));

        assertThat(rig.items("EventType.getEvents", list("own"))).isEqualTo("[[monitors_monitorfail]]");
        assertThat(rig.items("EventType.getNodeNames", list("own"))).isEqualTo("[[127.0.0.1:81]]");
        assertThat(rig.items("EventType.getPoolNames", list("own"))).isEqualTo("[[]]");
        assertThat(rig.items("EventType.getCustomEvents", list("own"))).isEqualTo("[[login, logout]]");
        assertThat(events("own")).as("what only Weir raises stays").contains("listenfail");
    }

    @Test
    void aBuiltInEventTypeTakesActionsAndItsCopyItsEvents() {
        rig.items("EventType.setMappedActions", list("Service Recovered"), lists("hook"));
        assertThat(events("Service Recovered")).contains("poolok");

        rig.items("EventType.copyEventType", list("Service Recovered"), list("mine"));
        assertThat(rig.items("EventType.getEvents", list("mine")))
                .isEqualTo("[[pools_poolok, slm_slmrecoveredserious]]");
        assertThat(rig.items("EventType.getMappedActions", list("mine"))).isEqualTo("[[hook]]");
        assertThat(rig.fault("EventType.deleteEventType", list("All Events")))
                .startsWith("InvalidOperation All Events");
        assertThat(rig.fault("EventType.renameEventType", list("Service Recovered"), list("x")))
                .startsWith("InvalidOperation");
    }

    @Test
    void aWholeEventTypeIsMadeByOneCallAndReadBack() {
        String whole =
                "<e><a><events><i>pools_nodefail</i><i>slm_ALL</i></events>"
                        + "<customEvents><i>*</i></customEvents>"
                        + "<mappedActions><i>hook</i></mappedActions>"
                        + "<vserverNames><i>shop</i></vserverNames>"
                        + "<poolNames><i>web</i></poolNames></a></e>";
        rig.items("EventType.addEventType", list("all"), whole);

        assertThat(rig.items("EventType.getEventType", list("all")))
                .isEqualTo(
                        "[[[pools_nodefail, slm_ALL], [*], [hook], [], [shop], [], [], [], [], [],"
                                + " [], [], [], [web]]]");
        assertThat(rig.fault("EventType.addEventType", list("y"), whole.replace("hook", "no")))
                .startsWith("InvalidInput y actions no");
        assertThat(rig.fault("EventType.addEvents", list("own"), lists("licensekeys_expired")))
                .startsWith("InvalidInput own events licensekeys_expired");
        assertThat(rig.fault("EventType.setLocationNames", list("own"), lists("Rome")))
                .startsWith("InvalidInput own objects Rome");
    }
}
