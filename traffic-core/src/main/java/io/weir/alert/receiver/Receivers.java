package io.weir.alert.receiver;

import io.weir.config.ActionConfig;
import io.weir.config.ActionConfig.Log;
import io.weir.config.ActionConfig.Mail;
import io.weir.config.ActionConfig.Program;
import io.weir.config.ActionConfig.SnmpTrap;
import io.weir.config.ActionConfig.Soap;
import io.weir.config.ActionConfig.Syslog;
import io.weir.config.ActionConfig.Webhook;
import io.weir.time.Ticker;

import java.io.IOException;
import java.util.function.Function;

/** Makes receivers. The classes behind each kind are loaded when the first one is made. */
public final class Receivers {

    private final Function<String, Receiver> logs;
    private final String machine;
    private final Ticker ticker;

    /**
     * @param logs makes the receiver of a log file, whose name is relative to the log directory
     * @param machine the name by which receivers know this Weir
     */
    public Receivers(Function<String, Receiver> logs, String machine, Ticker ticker) {
        this.logs = logs;
        this.machine = machine;
        this.ticker = ticker;
    }

    /**
     * The receiver of an action.
     *
     * @throws UndeliverableException when its settings cannot be used here
     * @throws IOException when another attempt may succeed
     */
    public Receiver make(ActionConfig action) throws IOException, UndeliverableException {
        return switch (action.delivery()) {
            case Log log -> logs.apply(log.file());
            case Syslog syslog -> new SyslogReceiver(syslog, machine);
            case Mail mail -> new MailReceiver(mail, machine, action.timeout());
            case SnmpTrap trap -> new TrapReceiver(trap, machine, ticker);
            case Program program -> new ProgramReceiver(program, machine, action.timeout(), ticker);
            case Soap soap -> new SoapReceiver(soap, machine);
            case Webhook webhook -> new WebhookReceiver(webhook, machine);
        };
    }
}
