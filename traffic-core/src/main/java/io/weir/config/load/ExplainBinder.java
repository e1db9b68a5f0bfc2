package io.weir.config.load;

import io.weir.config.ExplainConfig;
import io.weir.config.HistoryConfig;

/** Makes the records of kept exchanges and history out of checked sections. Stateless. */
final class ExplainBinder {

    private ExplainBinder() {}

    static ExplainConfig explain(Section s) {
        return new ExplainConfig(
                s.flag("errors"),
                s.time("slow-after"),
                s.count("sample"),
                s.textOrNull("response-header"),
                s.textOrNull("node-header"));
    }

    static ExplainConfig.Store store(Section s) {
        return new ExplainConfig.Store(s.count("max-exchanges"), s.size("max-memory"));
    }

    static HistoryConfig history(Section s) {
        return new HistoryConfig(s.flag("enabled"), s.size("size"), s.textOrNull("directory"));
    }
}
