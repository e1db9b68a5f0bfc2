package io.weir.rule;

import io.weir.config.Priority;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** An exchange of HTTP as the rules of one list see it. Confined to its event loop. */
public interface HttpSide extends RuleSide {

    RequestHead request();

    /** The answer; null as long as there is none. */
    @Nullable ResponseHead response();

    /**
     * Calls {@code done} once the whole body of the request is there, or more than {@code limit}
     * bytes of it are; at once when that is so already.
     */
    void awaitRequestBody(long limit, Runnable done);

    /** The body of the request; null unless the whole of it is there. */
    byte @Nullable [] requestBody();

    /** Replaces the body of the request, of which the whole is there. */
    void requestBody(byte[] body);

    /** See {@link #awaitRequestBody}. */
    void awaitResponseBody(long limit, Runnable done);

    /** The body of the answer; null unless the whole of it is there. */
    byte @Nullable [] responseBody();

    /** Replaces the body of the answer. */
    void responseBody(byte[] body);

    /**
     * Sets a cookie with the answer that is still to come, whoever answers.
     *
     * @param cookie the value of {@code Set-Cookie}; the last one for a name counts
     */
    void answerCookie(String name, String cookie);

    /** The answer as this rule may send it piece by piece. */
    RuleStream stream();

    /** How long the exchange may take; zero for any time. */
    Duration maxDuration();

    /** Sets how long the exchange may take from its begin on; zero for any time. */
    void maxDuration(Duration time);

    /** Bytes of both bodies that are held at the moment. */
    int heldBytes();

    /** What may be asked of cache and compression. */
    RuleCaching caching();

    /** The service level class that the exchange is counted with; null for none. */
    @Nullable ServiceLevel serviceLevel();

    /** Counts the exchange with another service level class; null for none. */
    void serviceLevel(@Nullable ServiceLevel level);

    /** What the request is to pools that are overloaded. */
    Priority priority();

    void priority(Priority priority);
}
