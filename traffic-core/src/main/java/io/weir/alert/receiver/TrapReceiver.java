package io.weir.alert.receiver;

import io.weir.config.ActionConfig.SnmpTrap;
import io.weir.config.Secret;
import io.weir.event.Event;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.snmp4j.AbstractTarget;
import org.snmp4j.CommunityTarget;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthHMAC384SHA512;
import org.snmp4j.security.AuthMD5;
import org.snmp4j.security.AuthSHA;
import org.snmp4j.security.AuthenticationProtocol;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.PrivDES;
import org.snmp4j.security.PrivacyProtocol;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Sends SNMP notifications, version 2c or 3 (RFC 3416, RFC 3414), with the numbers of ZXTM's MIB:
 * one notification per tag, the event's line in {@code fullLogLine}. Nobody acknowledges a trap, so
 * a receiver that is away is not noticed.
 */
final class TrapReceiver implements Receiver {

    private static final OID FULL_LOG_LINE = new OID("1.3.6.1.4.1.7146.1.2.22.1.0");

    /** DisplayString: at most 255 octets. */
    private static final int MAX_LINE = 255;

    /** From here on the boots of the engine are counted in minutes: they grow with every start. */
    private static final Instant FIRST_BOOT = Instant.parse("2026-01-01T00:00:00Z");

    private static final int MAX_ENGINE_NAME = 27;

    private final SnmpTrap settings;
    private final Snmp snmp;
    private final AbstractTarget<UdpAddress> target;
    private final byte[] engine;

    TrapReceiver(SnmpTrap settings, String machine, Ticker ticker) throws IOException {
        this.settings = settings;
        this.engine = engine(machine);
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        UdpAddress address =
                new UdpAddress(
                        InetAddress.getByName(settings.server().host()), settings.server().port());
        if (settings.version() == SnmpTrap.Version.V2C) {
            dispatcher.addMessageProcessingModel(new MPv2c());
            Secret community = settings.community();
            CommunityTarget<UdpAddress> open =
                    new CommunityTarget<>(
                            address,
                            new OctetString(community == null ? "public" : community.reveal()));
            open.setVersion(SnmpConstants.version2c);
            target = open;
        } else {
            int boots = (int) ((ticker.now().getEpochSecond() - FIRST_BOOT.getEpochSecond()) / 60);
            dispatcher.addMessageProcessingModel(new MPv3(usm(Math.max(1, boots))));
            UserTarget<UdpAddress> user =
                    new UserTarget<>(address, user(), engine, level().getSnmpValue());
            user.setVersion(SnmpConstants.version3);
            user.setSecurityModel(SecurityModel.SECURITY_MODEL_USM);
            target = user;
        }
        snmp = new Snmp(dispatcher, new DefaultUdpTransportMapping());
    }

    /** An engine id (RFC 3411 section 5) that is the same after every start. */
    private static byte[] engine(String machine) {
        byte[] name = machine.getBytes(StandardCharsets.UTF_8);
        byte[] id = new byte[5 + Math.min(name.length, MAX_ENGINE_NAME)];
        id[0] = (byte) 0x80;
        id[2] = 7146 >> 8;
        id[3] = (byte) 7146;
        id[4] = 4; // text, administratively assigned
        System.arraycopy(name, 0, id, 5, id.length - 5);
        return id;
    }

    private USM usm(int boots) {
        SecurityProtocols protocols =
                new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.none);
        AuthenticationProtocol auth =
                switch (settings.auth()) {
                    case MD5 -> new AuthMD5();
                    case SHA1 -> new AuthSHA();
                    case SHA256 -> new AuthHMAC192SHA256();
                    case SHA512 -> new AuthHMAC384SHA512();
                };
        PrivacyProtocol privacy =
                switch (settings.privacy()) {
                    case DES -> new PrivDES();
                    case AES128 -> new PrivAES128();
                    case AES256 -> new PrivAES256();
                };
        protocols.addAuthenticationProtocol(auth);
        protocols.addPrivacyProtocol(privacy);
        USM usm = new USM(protocols, new OctetString(engine), boots);
        Secret authPassword = settings.authPassword();
        Secret privacyPassword = settings.privacyPassword();
        usm.addUser(
                new UsmUser(
                        user(),
                        authPassword == null ? null : auth.getID(),
                        password(authPassword),
                        privacyPassword == null ? null : privacy.getID(),
                        password(privacyPassword)));
        return usm;
    }

    private static @Nullable OctetString password(@Nullable Secret secret) {
        return secret == null ? null : new OctetString(secret.reveal());
    }

    private OctetString user() {
        String user = settings.user();
        return new OctetString(user == null ? "" : user);
    }

    private SecurityLevel level() {
        return settings.authPassword() == null
                ? SecurityLevel.noAuthNoPriv
                : settings.privacyPassword() == null
                        ? SecurityLevel.authNoPriv
                        : SecurityLevel.authPriv;
    }

    @Override
    public void send(List<Alert> alerts) throws IOException {
        for (Alert alert : alerts) {
            snmp.send(pdu(alert), target);
        }
    }

    private PDU pdu(Alert alert) {
        Event event = alert.event();
        PDU pdu;
        if (settings.version() == SnmpTrap.Version.V2C) {
            pdu = new PDU();
            pdu.setType(PDU.TRAP);
        } else {
            ScopedPDU scoped = new ScopedPDU();
            scoped.setType(PDU.NOTIFICATION);
            scoped.setContextEngineID(new OctetString(engine));
            pdu = scoped;
        }
        long hundredths = ManagementFactory.getRuntimeMXBean().getUptime() / 10;
        pdu.add(
                new VariableBinding(
                        SnmpConstants.sysUpTime, new TimeTicks(hundredths & 0xffffffffL)));
        pdu.add(new VariableBinding(SnmpConstants.snmpTrapOID, TrapNumbers.oid(event.tag())));
        byte[] line = alert.line().getBytes(StandardCharsets.UTF_8);
        pdu.add(
                new VariableBinding(
                        FULL_LOG_LINE,
                        new OctetString(Arrays.copyOf(line, Math.min(line.length, MAX_LINE)))));
        return pdu;
    }

    @Override
    public void close() {
        try {
            snmp.close();
        } catch (IOException e) {
            // Nothing is left to be done with the socket.
        }
    }
}
