package io.weir.alert.receiver;

import io.weir.event.EventTag;

import org.snmp4j.smi.OID;

import java.util.Map;

/**
 * The numbers of notifications in ZXTM's MIB, under {@code zxtmtraps} (1.3.6.1.4.1.7146.1.2.15).
 */
final class TrapNumbers {

    private static final String PREFIX = "1.3.6.1.4.1.7146.1.2.15.0.";

    /** The MIB's notification for an event that it has no other one for. */
    private static final int CUSTOM_EVENT = 9;

    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("testaction", 1),
                    Map.entry("running", 2),
                    Map.entry("fewfreefds", 3),
                    Map.entry("internalerror", 8),
                    Map.entry("customevent", CUSTOM_EVENT),
                    Map.entry("confdel", 30),
                    Map.entry("confmod", 31),
                    Map.entry("confadd", 32),
                    Map.entry("confok", 33),
                    Map.entry("monitorfail", 41),
                    Map.entry("monitorok", 42),
                    Map.entry("rulexmlerr", 43),
                    Map.entry("pooluseunknown", 44),
                    Map.entry("ruleabort", 45),
                    Map.entry("rulebufferlarge", 46),
                    Map.entry("invalidemit", 49),
                    Map.entry("rulenopersistence", 50),
                    Map.entry("rulelogmsginfo", 51),
                    Map.entry("rulelogmsgwarn", 52),
                    Map.entry("rulelogmsgserious", 53),
                    Map.entry("norate", 54),
                    Map.entry("datastorefull", 56),
                    Map.entry("poolok", 65),
                    Map.entry("pooldied", 66),
                    Map.entry("noderesolvefailure", 67),
                    Map.entry("nodeworking", 69),
                    Map.entry("nodefail", 71),
                    Map.entry("triggersummary", 81),
                    Map.entry("slmclasslimitexceeded", 82),
                    Map.entry("slmrecoveredwarn", 83),
                    Map.entry("slmrecoveredserious", 84),
                    Map.entry("slmfallenbelowwarn", 85),
                    Map.entry("slmfallenbelowserious", 86),
                    Map.entry("vscrloutofdate", 87),
                    Map.entry("vsstart", 88),
                    Map.entry("vsstop", 89),
                    Map.entry("ssldrop", 91),
                    Map.entry("vslogwritefail", 92),
                    Map.entry("vssslcertexpired", 93),
                    Map.entry("vssslcerttoexpire", 94),
                    Map.entry("vscacertexpired", 95),
                    Map.entry("vscacerttoexpire", 96),
                    Map.entry("connerror", 104),
                    Map.entry("connfail", 105),
                    Map.entry("autherror", 114));

    private TrapNumbers() {}

    /** The notification for a tag. */
    static OID oid(EventTag tag) {
        return new OID(PREFIX + NUMBERS.getOrDefault(tag.keyword(), CUSTOM_EVENT));
    }
}
