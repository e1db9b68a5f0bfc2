package io.weir.exchange;

import io.weir.rule.RuleState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** What follows when an exchange is over: its completion rules, and the account. Stateless. */
final class Completion {

    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);

    private Completion() {}

    /** To be called once, while the heads of {@code x} are there to be read. */
    static void of(Exchange x) {
        VirtualServer server = x.server();
        List<ServerRules.Attached> list = server.rules().completion();
        if (!list.isEmpty()) {
            try {
                x.rules().run(list, RuleState.COMPLETION);
            } catch (RuntimeException e) {
                LOG.error("defect in the completion rules of {}", server.name(), e);
            }
        }
        try {
            server.account().ended(x);
            server.countCache(x.record());
        } catch (RuntimeException e) {
            LOG.error("defect in the account of {}", server.name(), e);
        }
    }
}
