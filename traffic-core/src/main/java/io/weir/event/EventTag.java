package io.weir.event;

/**
 * The kinds of event that Weir raises, named by their ZXTM primary tags. A tag belongs to one
 * section; its SOAP form is {@code section_tag}.
 */
public enum EventTag {
    NODEFAIL("pools", Severity.SERIOUS),
    NODEWORKING("pools", Severity.INFO),
    POOLDIED("pools", Severity.SERIOUS),
    POOLOK("pools", Severity.INFO),
    BREAKEROPEN("pools", Severity.SERIOUS),
    BREAKERCLOSED("pools", Severity.INFO),
    NODERESOLVEFAILURE("pools", Severity.WARN),
    NODEDRAINED("pools", Severity.INFO),
    DRAINDEADLINE("pools", Severity.WARN),
    MONITORFAIL("monitors", Severity.SERIOUS),
    MONITOROK("monitors", Severity.INFO),
    VSSTART("vservers", Severity.INFO),
    VSSTOP("vservers", Severity.INFO),
    VSLOGWRITEFAIL("vservers", Severity.WARN),
    LISTENFAIL("vservers", Severity.SERIOUS),
    VSSSLCERTTOEXPIRE("vservers", Severity.WARN),
    VSSSLCERTEXPIRED("vservers", Severity.SERIOUS),
    VSCACERTTOEXPIRE("vservers", Severity.WARN),
    VSCACERTEXPIRED("vservers", Severity.SERIOUS),
    VSCRLOUTOFDATE("vservers", Severity.SERIOUS),
    SLMFALLENBELOWWARN("slm", Severity.WARN),
    SLMFALLENBELOWSERIOUS("slm", Severity.SERIOUS),
    SLMRECOVEREDWARN("slm", Severity.INFO),
    SLMRECOVEREDSERIOUS("slm", Severity.INFO),
    SLMNODEINFO("slm", Severity.INFO),
    RULEABORT("rules", Severity.SERIOUS),
    RULEOVERRUN("rules", Severity.WARN),
    RULEBUFFERLARGE("rules", Severity.WARN),
    RULEXMLERR("rules", Severity.WARN),
    RULELOGMSGINFO("rules", Severity.INFO),
    RULELOGMSGWARN("rules", Severity.WARN),
    RULELOGMSGSERIOUS("rules", Severity.SERIOUS),
    POOLUSEUNKNOWN("rules", Severity.WARN),
    RULENOPERSISTENCE("rules", Severity.WARN),
    NORATE("rules", Severity.WARN),
    DATASTOREFULL("rules", Severity.WARN),
    INVALIDEMIT("rules", Severity.WARN),
    TRIGGERSUMMARY("protection", Severity.WARN),
    CACHEPURGED("vservers", Severity.INFO),
    CACHEDISKFAIL("general", Severity.SERIOUS),
    THRESHOLDCROSSED("thresholds", Severity.WARN),
    THRESHOLDCLEARED("thresholds", Severity.INFO),
    CUSTOMEVENT("trafficscript", Severity.INFO),
    CONFOK("config", Severity.INFO),
    CONFMOD("config", Severity.INFO),
    CONFREFUSED("config", Severity.SERIOUS),
    OVERLAYCHANGE("config", Severity.INFO),
    OVERLAYLOST("config", Severity.SERIOUS),
    STOREDAMAGED("config", Severity.SERIOUS),
    CONFUNDONE("config", Severity.WARN),
    BACKUPFAILED("config", Severity.WARN),
    BACKUPOK("config", Severity.INFO),
    RUNNING("general", Severity.INFO),
    STOPPING("general", Severity.INFO),
    LOGINFAILED("general", Severity.WARN),
    LOGINLOCKED("general", Severity.SERIOUS),
    USERCHANGE("general", Severity.INFO),
    FEWFREEFDS("general", Severity.SERIOUS),
    OVERLOAD("general", Severity.WARN),
    OVERLOADEND("general", Severity.INFO),
    LOOPSTALLED("general", Severity.SERIOUS),
    LOOPRECOVERED("general", Severity.INFO),
    INTERNALERROR("general", Severity.SERIOUS),
    ACTIONFAIL("actions", Severity.WARN),
    ACTIONOK("actions", Severity.INFO),
    ACTIONRAN("actions", Severity.INFO),
    TESTACTION("actions", Severity.INFO);

    private final String section;
    private final Severity severity;

    EventTag(String section, Severity severity) {
        this.section = section;
        this.severity = severity;
    }

    /** The section of the object that the event is mainly about. */
    public String section() {
        return section;
    }

    /** The severity of events with this tag. */
    public Severity severity() {
        return severity;
    }

    /** The ZXTM spelling of the tag. */
    public String keyword() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
