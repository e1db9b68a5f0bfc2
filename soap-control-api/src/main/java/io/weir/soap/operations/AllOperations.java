package io.weir.soap.operations;

import io.weir.soap.call.Handlers;
import io.weir.soap.table.Tables;

/** All operations that Weir supports. */
public final class AllOperations {

    private AllOperations() {}

    /** The code behind them. */
    public static Handlers of(Tables tables) {
        Handlers handlers = new Handlers();
        Settings.register(handlers);
        CatalogCalls.register(handlers);
        RuleLists.register(handlers);
        PoolCalls.register(handlers, tables);
        NodeCalls.register(handlers);
        NodeLists.register(handlers);
        VirtualServerCalls.register(handlers, tables);
        MonitorCalls.register(handlers, tables);
        ActionCalls.register(handlers, tables);
        EventTypeCalls.register(handlers, tables);
        UserCalls.register(handlers);
        BackupCalls.register(handlers);
        AccessLogCalls.register(handlers);
        ConnectionCalls.register(handlers);
        StatsCalls.register(handlers);
        NodeStats.register(handlers);
        ClassStats.register(handlers);
        MachineStats.register(handlers);
        PeakStats.register(handlers);
        RuleCalls.register(handlers, tables);
        CacheCalls.register(handlers);
        DiagnoseCalls.register(handlers);
        ExtraFileCalls.register(handlers);
        MachineCalls.register(handlers);
        LogCalls.register(handlers);
        CertificateCalls.register(handlers);
        MadeCertificateCalls.register(handlers);
        AuthorityCalls.register(handlers);
        TrustedAuthorities.register(handlers);
        TlsCalls.register(handlers);
        SiteCalls.register(handlers);
        return handlers;
    }
}
