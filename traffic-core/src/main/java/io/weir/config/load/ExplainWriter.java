package io.weir.config.load;

import io.weir.config.ExplainConfig;
import io.weir.config.HistoryConfig;

/** Writes the keys of kept exchanges and history in their canonical form. Stateless. */
final class ExplainWriter {

    private ExplainWriter() {}

    static void explain(YamlWriter out, ExplainConfig e) {
        out.open("explain");
        out.bare("errors", e.errors());
        out.time("slow-after", e.slowAfter());
        out.bare("sample", e.sample());
        out.string("response-header", e.responseHeader());
        out.string("node-header", e.nodeHeader());
        out.close();
    }

    static void store(YamlWriter out, ExplainConfig.Store s) {
        out.open("explain");
        out.bare("max-exchanges", s.maxExchanges());
        out.size("max-memory", s.maxMemory());
        out.close();
    }

    static void history(YamlWriter out, HistoryConfig h) {
        out.open("history");
        out.bare("enabled", h.enabled());
        out.size("size", h.size());
        out.string("directory", h.directory());
        out.close();
    }
}
