package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A service level class: how soon answers are to begin, and when too many of them are late (ZXTM's
 * SLM class).
 *
 * @param responseTime from the whole head of a request to the beginning of its answer
 * @param warningThreshold per cent of conforming answers below which a warning is raised; 0 for
 *     never
 * @param seriousThreshold the same for a serious event; not above the warning threshold
 * @param note for people; null for none
 */
public record ServiceLevelConfig(
        String name,
        Duration responseTime,
        int warningThreshold,
        int seriousThreshold,
        @Nullable String note) {}
