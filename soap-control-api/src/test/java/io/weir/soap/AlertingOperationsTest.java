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

    private String items(String operation, String... parameters) {
        return Answers.texts(rig.call("Alerting." + operation, parameters));
    }

    private String fault(String operation, String... parameters) {
        return Answers.fault(rig.call("Alerting." + operation, parameters));
    }

    private List<String> events(String type) {
        return Objects.requireNonNull(rig.control.config().eventTypes().get(type)).events();
    }

    @Test
    void actionsOfEveryTypeAreMadeAndThenSetUpKeyByKey() {
        items(
                "Action.addAction",
                list("m", "s", "t", "y", "l", "p"),
                list("email", "soap", "trap", "syslog", "log", "program"));

        assertThat(items("Action.getActionNames")).isEqualTo("[hook, l, m, p, s, t, y]");
        assertThat(items("Action.getActionType", list("m", "s", "t", "y", "l", "p", "hook")))
                .isEqualTo("[email, soap, trap, syslog, log, program, soap]");
        assertThat(items("Action.getEmailSMTPServer", list("m"))).isEqualTo("[]");

        items("Action.setEmailSMTPServer", list("m"), list("mail.example.com"));
        items("Action.setEmailRecipients", list("m"), list("a@example.com, b@example.com"));
        items("Action.setSOAPProxy", list("s"), list("http://127.0.0.1:9/callback"));
        items(
                "Action.setSOAPAuthentication",
                list("s"),
                "<c><a><username>um</username><password>geheim</password></a></c>");
        items("Action.setTrapHost", list("t"), list("::1"));
        items("Action.setSNMPVersion", list("t"), list("snmpv3"));
        items("Action.setSNMPUsername", list("t"), list("weir"));
        items("Action.setSNMPAuthPassword", list("t"), list("long enough"));
        items("Action.setSNMPHashAlg", list("t"), list("md5"));
        items("Action.setSyslogHost", list("y"), list("10.0.0.9:5514"));
        items("Action.setLogFilePath", list("l"), list("pools.log"));
        items("Action.setScriptProgram", list("p"), list("/bin/true"));
        items(
                "Action.addScriptArguments",
                list("p"),
                "<v><a><i><name>to</name><value>ops</value></i></a></v>");
        items("Action.setTimeout", list("p"), list("7"));

        assertThat(items("Action.getEmailSMTPServer", list("m")))
                .isEqualTo("[mail.example.com:25]");
        assertThat(items("Action.getEmailRecipients", list("m")))
                .isEqualTo("[a@example.com,b@example.com]");
        assertThat(items("Action.getSOAPProxy", list("s", "hook")))
                .isEqualTo("[http://127.0.0.1:9/callback, http://127.0.0.1:9/]");
        assertThat(items("Action.getSOAPAuthentication", list("s"))).isEqualTo("[[um, ***]]");
        assertThat(items("Action.getTrapHost", list("t"))).isEqualTo("[[::1]:162]");
        assertThat(items("Action.getSNMPVersion", list("t"))).isEqualTo("[snmpv3]");
        assertThat(items("Action.getSNMPHashAlg", list("t"))).isEqualTo("[md5]");
        assertThat(items("Action.getSyslogHost", list("y"))).isEqualTo("[10.0.0.9:5514]");
        assertThat(items("Action.getScriptArguments", list("p"))).isEqualTo("[[[to, ops, ]]]");
        assertThat(items("Action.getTimeout", list("p"))).isEqualTo("[7]");
        assertThat(items("Action.getActionNamesOfType", "<t>email</t>")).isEqualTo("[m]");
        assertThat(rig.control.desired().document().toString())
                .doesNotContain("geheim")
                .doesNotContain("long enough");

        items("Action.removeSOAPAuthentication", list("s"));
        assertThat(items("Action.getSOAPAuthentication", list("s"))).isEqualTo("[[, ]]");
    }

    @Test
    void actionsThatAreUsedStayAndMistakesNameTheirKey() {
        assertThat(fault("Action.deleteAction", list("hook"))).isEqualTo("ObjectInUse hook");
        assertThat(fault("Action.getActionType", list("no"))).isEqualTo("ObjectDoesNotExist no");
        assertThat(fault("Action.addAction", list("x"), list("pigeon")))
                .startsWith("InvalidInput  types pigeon");
        assertThat(fault("Action.getScriptArguments", list("hook")))
                .startsWith("InvalidOperation hook");
        items("Action.addAction", list("l"), list("log"));
        assertThat(fault("Action.setEmailRecipients", list("l"), list("a@example.com")))
                .startsWith("InvalidInput l to");
        items("Action.renameAction", list("hook"), list("hub"));
        assertThat(items("EventType.getMappedActions", list("own"))).isEqualTo("[[hub]]");
        assertThat(fault("Action.testAction", list("no"))).isEqualTo("ObjectDoesNotExist no");
    }

    @Test
    void eventTypesTellWhatTheyWaitForInTheWordsOfTheInterface() {
        assertThat(items("EventType.getEventTypeNames")).contains("own", "Service Recovered");
        assertThat(items("EventType.getEvents", list("own", "Service Failed", "All Events")))
                .isEqualTo("[[pools_ALL], [pools_pooldied, slm_slmfallenbelowserious], [ALL]]");
        assertThat(items("EventType.getPoolNames", list("own"))).isEqualTo("[[web]]");
        assertThat(items("EventType.getZxtmNames", list("own"))).isEqualTo("[[]]");

        items("EventType.addEvents", list("own"), lists("monitors_monitorfail"));
        items("EventType.removeEvents", list("own"), lists("pools_ALL"));
        items("EventType.addNodeNames", list("own"), lists("127.0.0.1:81"));
        items("EventType.removePoolNames", list("own"), lists("web"));
        items("EventType.setCustomEvents", list("own"), lists("login,logout"));
        items("EventType.setNote", list("own"), list("for us"));

        assertThat(items("EventType.getEvents", list("own"))).isEqualTo("[[monitors_monitorfail]]");
        assertThat(items("EventType.getNodeNames", list("own"))).isEqualTo("[[127.0.0.1:81]]");
        assertThat(items("EventType.getPoolNames", list("own"))).isEqualTo("[[]]");
        assertThat(items("EventType.getCustomEvents", list("own"))).isEqualTo("[[login, logout]]");
        assertThat(events("own")).as("what only Weir raises stays").contains("listenfail");
    }

    @Test
    void aBuiltInEventTypeTakesActionsAndItsCopyItsEvents() {
        items("EventType.setMappedActions", list("Service Recovered"), lists("hook"));
        assertThat(events("Service Recovered")).contains("poolok");

        items("EventType.copyEventType", list("Service Recovered"), list("mine"));
        assertThat(items("EventType.getEvents", list("mine")))
                .isEqualTo("[[pools_poolok, slm_slmrecoveredserious]]");
        assertThat(items("EventType.getMappedActions", list("mine"))).isEqualTo("[[hook]]");
        assertThat(fault("EventType.deleteEventType", list("All Events")))
                .startsWith("InvalidOperation All Events");
        assertThat(fault("EventType.renameEventType", list("Service Recovered"), list("x")))
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
        items("EventType.addEventType", list("all"), whole);

        assertThat(items("EventType.getEventType", list("all")))
                .isEqualTo(
                        "[[[pools_nodefail, slm_ALL], [*], [hook], [], [shop], [], [], [], [], [],"
                                + " [], [], [], [web]]]");
        assertThat(fault("EventType.addEventType", list("y"), whole.replace("hook", "no")))
                .startsWith("InvalidInput y actions no");
        assertThat(fault("EventType.addEvents", list("own"), lists("licensekeys_expired")))
                .startsWith("InvalidInput own events licensekeys_expired");
        assertThat(fault("EventType.setLocationNames", list("own"), lists("Rome")))
                .startsWith("InvalidInput own objects Rome");
    }
}
