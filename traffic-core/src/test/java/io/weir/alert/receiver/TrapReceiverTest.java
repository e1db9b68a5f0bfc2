package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ActionConfig.SnmpTrap;
import io.weir.config.NodeAddress;
import io.weir.config.Secret;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthMD5;
import org.snmp4j.security.AuthSHA;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.PrivDES;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class TrapReceiverTest {

    /** Listens for traps. */
    private static final class Station implements AutoCloseable {
        private final DefaultUdpTransportMapping transport =
                new DefaultUdpTransportMapping(new UdpAddress("127.0.0.1/0"));
        private final Snmp snmp;
        private final BlockingQueue<CommandResponderEvent<?>> events = new LinkedBlockingQueue<>();

        Station(@Nullable UsmUser user) throws IOException {
            MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
            dispatcher.addMessageProcessingModel(new MPv2c());
            SecurityProtocols protocols =
                    new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.none);
            protocols.addAuthenticationProtocol(new AuthMD5());
            protocols.addAuthenticationProtocol(new AuthSHA());
            protocols.addAuthenticationProtocol(new AuthHMAC192SHA256());
            protocols.addPrivacyProtocol(new PrivDES());
            protocols.addPrivacyProtocol(new PrivAES128());
            protocols.addPrivacyProtocol(new PrivAES256());
            USM usm = new USM(protocols, new OctetString(MPv3.createLocalEngineID()), 0);
            usm.setEngineDiscoveryEnabled(true);
            if (user != null) {
                usm.addUser(user);
            }
            dispatcher.addMessageProcessingModel(new MPv3(usm));
            snmp = new Snmp(dispatcher, transport);
            snmp.addCommandResponder(
                    new CommandResponder() {
                        @Override
                        public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
                            events.add(event);
                        }
                    });
            snmp.listen();
        }

        int port() {
            return transport.getListenAddress().getPort();
        }

        CommandResponderEvent<?> next() throws InterruptedException {
            CommandResponderEvent<?> event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("a trap").isNotNull();
            return event;
        }

        @Override
        public void close() throws IOException {
            snmp.close();
        }
    }

    private static String value(PDU pdu, String oid) {
        return String.valueOf(pdu.getVariable(new OID(oid)));
    }

    @Test
    void aTrapOfVersion2cHasTheNumberOfItsTagAndTheLine() throws Exception {
        try (Station station = new Station(null);
                TrapReceiver receiver =
                        new TrapReceiver(
                                new SnmpTrap(
                                        new NodeAddress("127.0.0.1", station.port()),
                                        SnmpTrap.Version.V2C,
                                        new Secret("traps"),
                                        null,
                                        SnmpTrap.Auth.SHA256,
                                        null,
                                        SnmpTrap.Privacy.AES128,
                                        null),
                                "machine",
                                Ticker.system())) {
            receiver.send(List.of(Alerts.nodefail()));
            CommandResponderEvent<?> event = station.next();
            assertThat(new String(event.getSecurityName(), StandardCharsets.UTF_8))
                    .isEqualTo("traps");
            PDU pdu = event.getPDU();
            assertThat(pdu.getType()).isEqualTo(PDU.TRAP);
            assertThat(value(pdu, "1.3.6.1.6.3.1.1.4.1.0"))
                    .isEqualTo("1.3.6.1.4.1.7146.1.2.15.0.71");
            OctetString line =
                    (OctetString) pdu.getVariable(new OID("1.3.6.1.4.1.7146.1.2.22.1.0"));
            assertThat(new String(line.getValue(), StandardCharsets.UTF_8))
                    .isEqualTo(Alerts.nodefail().line());

            receiver.send(List.of(Alerts.of(EventTag.LISTENFAIL, "x".repeat(1000))));
            PDU other = station.next().getPDU();
            assertThat(value(other, "1.3.6.1.6.3.1.1.4.1.0"))
                    .isEqualTo("1.3.6.1.4.1.7146.1.2.15.0.9");
            assertThat(value(other, "1.3.6.1.4.1.7146.1.2.22.1.0")).hasSize(255);
        }
    }

    @ParameterizedTest
    @CsvSource({"MD5, DES", "SHA1, AES128", "SHA256, AES256"})
    void aTrapOfVersion3IsAuthenticatedAndEncrypted(SnmpTrap.Auth auth, SnmpTrap.Privacy privacy)
            throws Exception {
        OID hash =
                switch (auth) {
                    case MD5 -> AuthMD5.ID;
                    case SHA1 -> AuthSHA.ID;
                    default -> new AuthHMAC192SHA256().getID();
                };
        OID cipher =
                switch (privacy) {
                    case DES -> PrivDES.ID;
                    case AES128 -> PrivAES128.ID;
                    case AES256 -> PrivAES256.ID;
                };
        UsmUser user =
                new UsmUser(
                        new OctetString("weir"),
                        hash,
                        new OctetString("long enough 1"),
                        cipher,
                        new OctetString("long enough 2"));
        try (Station station = new Station(user);
                TrapReceiver receiver =
                        new TrapReceiver(
                                new SnmpTrap(
                                        new NodeAddress("127.0.0.1", station.port()),
                                        SnmpTrap.Version.V3,
                                        null,
                                        "weir",
                                        auth,
                                        new Secret("long enough 1"),
                                        privacy,
                                        new Secret("long enough 2")),
                                "machine",
                                Ticker.system())) {
            receiver.send(List.of(Alerts.nodeworking()));
            CommandResponderEvent<?> event = station.next();
            assertThat(event.getSecurityLevel()).isEqualTo(3);
            assertThat(value(event.getPDU(), "1.3.6.1.6.3.1.1.4.1.0"))
                    .isEqualTo("1.3.6.1.4.1.7146.1.2.15.0.69");
        }
    }
}
