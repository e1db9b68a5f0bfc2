package io.weir.pool;

import io.weir.event.EventBus.Subscription;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/** What is known of one node name. Confined to the pool's {@link Serial}. */
final class FollowedName {

    /** Whether the pool began with the name and its first look-up has not ended yet. */
    boolean original;

    /** Empty until the first success. */
    List<InetAddress> addresses = List.of();

    /** Why the last look-up failed; null when it did not, or none has ended yet. */
    @Nullable String failure;

    private @Nullable Subscription subscription;

    FollowedName(boolean original) {
        this.original = original;
    }

    void followedBy(Subscription following) {
        subscription = following;
    }

    void unfollow() {
        Subscription following = subscription;
        if (following != null) {
            following.close();
        }
    }
}
