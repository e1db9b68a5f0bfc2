package io.weir.alert;

import io.weir.alert.receiver.Alert;
import io.weir.alert.receiver.Receiver;

import java.io.IOException;
import java.util.List;

/** Writes alerts to a file, as the event log does; what the disk does not take is held back. */
final class LogReceiver implements Receiver {

    private static final int MOST = 100;

    private final EventLogAction file;

    LogReceiver(EventLogAction file) {
        this.file = file;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public void send(List<Alert> alerts) throws IOException {
        if (!file.isWritable()) {
            throw new IOException(file.path() + " cannot be written");
        }
        alerts.forEach(alert -> file.run(alert.event()));
    }

    @Override
    public void idle() {
        file.idle();
    }

    @Override
    public void close() {
        file.close();
    }
}
