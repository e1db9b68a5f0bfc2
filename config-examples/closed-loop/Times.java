import java.time.Duration;

/**
 * How long things take in a story.
 *
 * @param repair of a machine
 * @param move of a machine
 * @param slow what a slow service takes for an answer
 * @param ramp for which a node that is new or back gets less than its share
 * @param era for which a generation serves before the next step
 * @param sessions at a time
 * @param thinking between two requests of a session
 * @param strict whether times and shares are checked, and not only what happens
 */
record Times(
        Duration repair,
        Duration move,
        Duration slow,
        Duration ramp,
        Duration era,
        int sessions,
        Duration thinking,
        boolean strict) {

    /** As the stories are told. */
    static Times full() {
        return new Times(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(3),
                Duration.ofSeconds(30),
                Duration.ofSeconds(110),
                100,
                Duration.ofMillis(500),
                true);
    }

    /** The same happens in less time, on machines that have other things to do. */
    static Times quick() {
        return new Times(
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Duration.ofMillis(1500),
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                24,
                Duration.ofMillis(100),
                false);
    }
}
