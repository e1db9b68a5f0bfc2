package io.weir.alert;

import io.weir.event.Event;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Events in the system log. */
final class SystemLogAction implements Action {

    private static final Logger LOG = LoggerFactory.getLogger("io.weir.events");

    @Override
    public String name() {
        return "systemlog";
    }

    @Override
    public void run(Event event) {
        Level level =
                switch (event.severity()) {
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARN;
                    case SERIOUS, FATAL -> Level.ERROR;
                };
        LOG.atLevel(level).log("{} {} {}", event.tag().keyword(), event.objects(), event.text());
    }
}
