package io.weir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

class LogFileNameTest {

    private static final Path LOGS = Path.of("/var/log/weir");
    private static final long TIME = Instant.parse("2026-03-04T05:06:07Z").getEpochSecond();

    private static Path expand(String pattern, String virtualServer) {
        return LogFileName.compile(pattern, LOGS, virtualServer, ZoneOffset.UTC).at(TIME);
    }

    @ParameterizedTest
    @CsvSource({
        "access.log, /var/log/weir/access.log",
        "%v.log, /var/log/weir/web.log",
        "%v/%{%Y/%m/%d}t.log, /var/log/weir/web/2026/03/04.log",
        "%v-%{%Y%m%d-%H%M%S}t, /var/log/weir/web-20260304-050607",
        "100%%, /var/log/weir/100%",
        "a/../b, /var/log/weir/b",
        "%{%a-%A-%b-%B-%e-%j-%y-%I-%p-%s}t, /var/log/weir/Wed-Wednesday-Mar-March-"
                + " 4-063-26-05-AM-1772600767",
        "%{%F-%T-%u-%w-%V-%G-%z-%%}t, /var/log/weir/2026-03-04-05:06:07-3-3-10-2026-+0000-%",
    })
    void macrosAreExpanded(String pattern, String expected) {
        assertThat(expand(pattern, "web")).isEqualTo(Path.of(expected));
    }

    @Test
    void theTimeIsThatOfTheZone() {
        LogFileName name =
                LogFileName.compile("%{%F}t", LOGS, "web", ZoneId.of("Pacific/Kiritimati"));

        assertThat(name.at(Instant.parse("2026-03-04T10:00:00Z").getEpochSecond()))
                .isEqualTo(LOGS.resolve("2026-03-05"));
        assertThat(name.isTimed()).isTrue();
        assertThat(LogFileName.compile("%v", LOGS, "web", ZoneOffset.UTC).isTimed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../access.log",
                "/etc/passwd",
                "a/../../access.log",
                "%v/../../x",
                "",
                ".",
                "%{..}t",
                "%{../%Y}t/x",
                "../weir2/access.log",
                "a\0b",
            })
    void aPathThatLeavesTheLogDirectoryIsRefused(String pattern) {
        assertThatThrownBy(() -> LogFileName.compile(pattern, LOGS, "web", ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log file name");
    }

    @ParameterizedTest
    @CsvSource({
        "'..', _",
        "., _",
        "'', _",
        "../../etc/x, .._.._etc_x",
        "a\\b, a_b",
        "/, _",
    })
    void theNameOfAVirtualServerMakesNoDirectories(String virtualServer, String expected) {
        assertThat(expand("%v", virtualServer)).isEqualTo(LOGS.resolve(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%x", "%", "%{%Y}", "%{%Y}x", "%{%Q}t", "%h"})
    void unknownMacrosAreRefused(String pattern) {
        assertThatThrownBy(() -> LogFileName.compile(pattern, LOGS, "web", ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("%");
    }
}
