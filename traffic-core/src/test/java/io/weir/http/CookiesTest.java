package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

class CookiesTest {

    private static Fields fields(String... cookies) {
        Fields fields = new Fields();
        for (String cookie : cookies) {
            fields.add(FieldName.COOKIE, cookie);
        }
        return fields;
    }

    @Test
    void theFirstCookieOfANameIsFoundInAnyField() {
        Fields fields = fields("a=1;  b = 2 ;ab=3", "b=4; c==5; d");
        assertThat(Cookies.get(fields, "a")).isEqualTo("1");
        assertThat(Cookies.get(fields, "b")).isEqualTo("2");
        assertThat(Cookies.get(fields, "ab")).isEqualTo("3");
        assertThat(Cookies.get(fields, "c")).isEqualTo("=5");
        assertThat(Cookies.get(fields, "d")).isNull();
        assertThat(Cookies.get(fields, "A")).isNull();
        assertThat(Cookies.get(fields(), "a")).isNull();
    }

    @Test
    void everyCookieIsVisitedInOrder() {
        List<String> seen = new ArrayList<>();
        Cookies.each(
                fields("a=1; a=2;;", "=x; alone"), (name, value) -> seen.add(name + ":" + value));
        assertThat(seen).containsExactly("a:1", "a:2", ":x", ":alone");
    }

    @Test
    void whatIsTakenOutIsGoneAndTheRestKeepsItsOrder() {
        Fields fields = fields("a=1; b=2; c=3", "d=4", "b=5");
        List<String> taken = new ArrayList<>();
        Cookies.take(fields, "b"::equals, (name, value) -> taken.add(value));
        assertThat(taken).containsExactly("2", "5");
        assertThat(fields.getAll(FieldName.COOKIE)).isEqualTo("d=4, a=1; c=3");
        assertThat(fields.fieldCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s=",
                "s=x; Max-Age=0",
                "s=x; max-age=-1; Path=/",
                "s=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "s=x; expires=Thu, 01-Jan-1970 00:00:01 GMT"
            })
    void thisTakesACookieAway(String setCookie) {
        assertThat(Cookies.deletes(setCookie)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s=x",
                "s=x; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "s=x; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
                "s=1970; Path=/1970"
            })
    void andThisSetsOne(String setCookie) {
        assertThat(Cookies.deletes(setCookie)).isFalse();
        assertThat(Cookies.nameOfSet(setCookie)).isEqualTo("s");
    }
}
