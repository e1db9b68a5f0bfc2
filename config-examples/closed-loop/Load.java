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
 * Clients of a web shop. Some have sessions, as browsers have them: each asks again and again,
 * gives back its cookies, and begins a new session after a while. The others pass by: they ask
 * once. Safe for every thread.
 */
final class Load implements AutoCloseable {

    /** What a node is called when the answer was "Too Busy". */
    static final String BUSY = "too busy";

    private static final int PASSERS_BY = 20;
    private static final Duration PASSING = Duration.ofMillis(100);

    private final URI target;
    private final Times times;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    // Guarded by this.
    private final List<Answer> answers = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int told;
    private long changes;

    /**
     * An answer.
     *
     * @param begin when the request began, as {@link System#nanoTime} has it
     * @param node that has answered, or {@link #BUSY}
     * @param fresh whether the request belonged to no session
     */
    private record Answer(long begin, long millis, String node, boolean fresh) {}

    Load(URI target, Times times) {
        this.target = target;
        this.times = times;
        for (int i = 0; i < times.sessions(); i++) {
            Random random = new Random(i);
            threads.add(Thread.ofVirtual().start(() -> browse(random, times.thinking(), true)));
        }
        for (int i = 0; i < PASSERS_BY; i++) {
            Random random = new Random(-i - 1);
            threads.add(Thread.ofVirtual().start(() -> browse(random, PASSING, false)));
        }
    }

    private void browse(Random random, Duration thinking, boolean sessions) {
        String cookie = null;
        String home = "";
        int left = 0;
        while (!stopping) {
            if (left-- == 0 || !sessions) {
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
                String node = count(begin, answer.statusCode(), answer.body(), home);
                home = node.isEmpty() ? home : node;
                for (String set : answer.headers().allValues("Set-Cookie")) {
                    cookie = set.substring(0, set.indexOf(';'));
                }
                Thread.sleep(thinking.toMillis() / 2 + random.nextLong(thinking.toMillis()));
            } catch (IOException e) {
                failed(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The node that has answered; empty when none has. */
    private synchronized String count(long begin, int status, String body, String home) {
        long millis = (System.nanoTime() - begin) / 1_000_000;
        if (status == 200) {
            answers.add(new Answer(begin, millis, body, home.isEmpty()));
            if (!home.isEmpty() && !home.equals(body)) {
                changes++;
            }
            return body;
        }
        if (status == 503 && body.contains("Too Busy")) {
            answers.add(new Answer(begin, millis, BUSY, home.isEmpty()));
        } else {
            failures.add(status + " " + body);
        }
        return "";
    }

    private synchronized void failed(String why) {
        if (!stopping) {
            failures.add(why);
        }
    }

    /** Asks as a developer does, who wants generation 33; returns who has answered. */
    String askForGeneration33() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target).header("X-Generation", "33").build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Answers by node since the last call. */
    synchronized String lately() {
        Map<String, Integer> nodes = new TreeMap<>();
        answers.subList(told, answers.size()).forEach(a -> nodes.merge(a.node, 1, Integer::sum));
        told = answers.size();
        return nodes.toString();
    }

    /** Requests without a session that began in a span and have been answered, by node. */
    synchronized Map<String, Integer> fresh(long from, long to) {
        return between(from, to, true);
    }

    /** Requests of sessions, likewise. */
    synchronized Map<String, Integer> ofSessions(long from, long to) {
        return between(from, to, false);
    }

    private Map<String, Integer> between(long from, long to, boolean fresh) {
        Map<String, Integer> nodes = new TreeMap<>();
        for (Answer answer : answers) {
            if (answer.fresh == fresh && answer.begin - from >= 0 && answer.begin - to < 0) {
                nodes.merge(answer.node, 1, Integer::sum);
            }
        }
        return nodes;
    }

    /** When the first fresh request since then began that a node has answered; 0 for none. */
    synchronized long firstFresh(String node, long since) {
        return answers.stream()
                .filter(a -> a.fresh && a.node.equals(node) && a.begin - since >= 0)
                .mapToLong(Answer::begin)
                .min()
                .orElse(0);
    }

    /** Requests that a node has answered. */
    synchronized long served() {
        return answers.stream().filter(a -> !a.node.equals(BUSY)).count();
    }

    /** Requests that got the page Too Busy. */
    synchronized long busy() {
        return answers.stream().filter(a -> a.node.equals(BUSY)).count();
    }

    /** How long the slowest of those pages took, of requests that began in a span. */
    synchronized long slowestBusyMillis(long from, long to) {
        return answers.stream()
                .filter(a -> a.node.equals(BUSY) && a.begin - from >= 0 && a.begin - to < 0)
                .mapToLong(Answer::millis)
                .max()
                .orElse(0);
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
