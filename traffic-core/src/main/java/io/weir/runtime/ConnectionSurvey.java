package io.weir.runtime;

import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionView;
import io.weir.wire.ConnectionListing;
import io.weir.wire.Listening;
import io.weir.wire.WireLoop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks every event loop for its connections. Stateless. */
final class ConnectionSurvey {

    /** How long the loops may take together; one that stalls is left out. */
    private static final long PATIENCE_MILLIS = 3000;

    private ConnectionSurvey() {}

    /** What the loops have now; to be called off the event loops. */
    static ConnectionList of(
            List<WireLoop> loops, List<Listening> listeners, ConnectionQuery query) {
        List<CompletableFuture<ConnectionListing>> asked = new ArrayList<>();
        for (WireLoop loop : loops) {
            CompletableFuture<ConnectionListing> answer = new CompletableFuture<>();
            asked.add(answer);
            try {
                loop.execute(() -> answer(loop, listeners, query, answer));
            } catch (RejectedExecutionException e) {
                answer.completeExceptionally(e);
            }
        }
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // A loop that stalls, or has ended, has nothing to say; the watchdog tells why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ConnectionView> views = new ArrayList<>();
        List<ConnectionView> endedViews = new ArrayList<>();
        long total = 0;
        long ended = 0;
        for (CompletableFuture<ConnectionListing> answer : asked) {
            if (answer.state() == Future.State.SUCCESS) {
                ConnectionListing part = answer.resultNow();
                total += part.total();
                ended += part.ended();
                endedViews.addAll(part.endedViews());
                int room = query.max() - views.size();
                views.addAll(part.views().subList(0, Math.min(room, part.views().size())));
            }
        }
        // Each event loop has the latest first; so has the whole list.
        endedViews.sort(Comparator.comparingLong(ConnectionView::idleMillis));
        views.addAll(endedViews.subList(0, Math.min(query.max(), endedViews.size())));
        return new ConnectionList(views, total + ended, ended);
    }

    private static void answer(
            WireLoop loop,
            List<Listening> listeners,
            ConnectionQuery query,
            CompletableFuture<ConnectionListing> answer) {
        try {
            ConnectionListing listing = new ConnectionListing(query, loop.context());
            loop.describeClients(listing);
            listeners.forEach(each -> each.describe(loop, listing));
            listing.addEnded();
            answer.complete(listing);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }
}
