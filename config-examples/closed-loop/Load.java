import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Clients with sessions, as browsers have them: each asks again and again, gives back its cookies,
 * and begins a new session after a while. Safe for every thread.
 */
final class Load implements AutoCloseable {

    private static final int CLIENTS = 24;
    private static final Duration THINKING = Duration.ofMillis(100);

    private final URI target;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    // Guarded by this.
    private final Map<String, Integer> lately = new TreeMap<>();
    private final Map<String, Integer> newSessions = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private long served;
    private long busy;
    private long slowestBusyMillis;
    private long changes;

    Load(URI target) {
        this.target = target;
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            threads.add(Thread.ofVirtual().start(() -> browse(random)));
        }
    }

    private void browse(Random random) {
        String cookie = null;
        String home = "";
        int left = 0;
        while (!stopping) {
            if (left-- == 0) {
                left = 10 + random.nextInt(20);
                cookie = null;
                home = "";
            }
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(30));
            if (cookie != null) {
                request.header("Cookie", cookie);
            }
            long begin = System.nanoTime();
            try {
                HttpResponse<String> answer =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                long millis = (System.nanoTime() - begin) / 1_000_000;
                String node = count(answer.statusCode(), answer.body(), millis, home);
                home = node.isEmpty() ? home : node;
                for (String set : answer.headers().allValues("Set-Cookie")) {
                    cookie = set.substring(0, set.indexOf(';'));
                }
                Thread.sleep(THINKING.toMillis() / 2 + random.nextLong(THINKING.toMillis()));
            } catch (IOException e) {
                failed(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The node that has answered; empty when none has. */
    private synchronized String count(int status, String body, long millis, String home) {
        if (status == 200) {
            served++;
            lately.merge(body, 1, Integer::sum);
            if (home.isEmpty()) {
                newSessions.merge(body, 1, Integer::sum);
            } else if (!home.equals(body)) {
                changes++;
            }
            return body;
        }
        if (status == 503 && body.contains("Too Busy")) {
            busy++;
            lately.merge("too busy", 1, Integer::sum);
            slowestBusyMillis = Math.max(slowestBusyMillis, millis);
            return "";
        }
        failures.add(status + " " + body);
        return "";
    }

    private synchronized void failed(String why) {
        if (!stopping) {
            failures.add(why);
        }
    }

    /** Answers by node since the last call. */
    synchronized String lately() {
        String text = lately.toString();
        lately.clear();
        return text;
    }

    /** Sessions that have begun since the last call, by node. */
    synchronized Map<String, Integer> newSessions() {
        Map<String, Integer> copy = new TreeMap<>(newSessions);
        newSessions.clear();
        return copy;
    }

    synchronized long served() {
        return served;
    }

    /** Requests that got the page Too Busy. */
    synchronized long busy() {
        return busy;
    }

    /** How long the slowest of those pages took. */
    synchronized long slowestBusyMillis() {
        return slowestBusyMillis;
    }

    /** How often a session has changed its node. */
    synchronized long changes() {
        return changes;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(5));
        }
        client.shutdownNow();
    }
}
