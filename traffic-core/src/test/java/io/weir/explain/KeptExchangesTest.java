package io.weir.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.explain.KeptExchange.Bytes;
import io.weir.explain.KeptExchange.Client;
import io.weir.explain.KeptExchange.Reason;
import io.weir.explain.KeptExchange.Request;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class KeptExchangesTest {

    private static KeptExchange exchange(String id, Reason reason, int status) {
        return new KeptExchange(
                id,
                Instant.EPOCH,
                reason,
                5,
                "web",
                new Client("192.0.2.1", 4711, "192.0.2.9:80", "HTTP/1.1"),
                null,
                new Request("GET", "a.example", "/"),
                status,
                null,
                null,
                "web",
                "10.0.0.1:80",
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Bytes(0, 0, 0, 0));
    }

    private static List<String> ids(KeptExchanges.Page page) {
        return page.exchanges().stream().map(KeptExchange::id).toList();
    }

    @Test
    void aFloodOfErrorsDoesNotPushOutTheSamples() {
        KeptExchanges kept = new KeptExchanges(10, 1 << 20);
        kept.add(exchange("sample", Reason.SAMPLED, 200));
        kept.add(exchange("slow", Reason.SLOW, 200));
        for (int i = 0; i < 100; i++) {
            kept.add(exchange("error" + i, Reason.ERROR, 503));
        }
        assertThat(kept.count()).isEqualTo(10);
        assertThat(kept.get("sample")).isNotNull();
        assertThat(kept.get("slow")).isNotNull();
        assertThat(kept.get("error91")).isNull();
        assertThat(kept.get("error92")).isNotNull();
    }

    @Test
    void theSizeIsALimitOfItsOwnAndGrowsWithTheTexts() {
        KeptExchanges kept = new KeptExchanges(1000, 5000);
        for (int i = 0; i < 100; i++) {
            kept.add(exchange("e" + i, Reason.ERROR, 503));
        }
        assertThat(kept.bytes()).isBetween(1L, 5000L);
        assertThat(kept.count()).isBetween(5, 20);
        kept.limit(2, 5000);
        assertThat(kept.count()).isEqualTo(2);
        kept.limit(0, 5000);
        assertThat(kept.count()).isZero();
        assertThat(kept.bytes()).isZero();
        kept.add(exchange("more", Reason.ERROR, 503));
        assertThat(kept.count()).isZero();
    }

    @Test
    void pagesGoFromTheNewestToTheOldestWithoutGapOrRepetition() {
        KeptExchanges kept = new KeptExchanges(100, 1 << 20);
        for (int i = 0; i < 5; i++) {
            kept.add(exchange("x" + i, i % 2 == 0 ? Reason.ERROR : Reason.SAMPLED, 200 + i));
        }
        KeptExchanges.Page first = kept.find(KeptQuery.all(2));
        assertThat(ids(first)).containsExactly("x4", "x3");
        KeptExchanges.Page second = kept.find(new KeptQuery(null, null, null, 0, first.next(), 2));
        assertThat(ids(second)).containsExactly("x2", "x1");
        KeptExchanges.Page third = kept.find(new KeptQuery(null, null, null, 0, second.next(), 2));
        assertThat(ids(third)).containsExactly("x0");
        assertThat(third.next()).isNull();
    }

    @Test
    void aQueryChoosesByServerNodeReasonAndStatus() {
        KeptExchanges kept = new KeptExchanges(100, 1 << 20);
        kept.add(exchange("fine", Reason.SAMPLED, 200));
        kept.add(exchange("bad", Reason.ERROR, 502));
        kept.add(exchange("cut", Reason.ERROR, 0));
        assertThat(ids(kept.find(new KeptQuery("web", null, null, 500, null, 9))))
                .containsExactly("cut", "bad");
        assertThat(ids(kept.find(new KeptQuery("shop", null, null, 0, null, 9)))).isEmpty();
        assertThat(ids(kept.find(new KeptQuery(null, "10.0.0.1:80", Reason.SAMPLED, 0, null, 9))))
                .containsExactly("fine");
        assertThat(ids(kept.find(new KeptQuery(null, "10.0.0.2:80", null, 0, null, 9)))).isEmpty();
        assertThat(kept.lastError()).isEqualTo(kept.get("cut"));
    }
}
