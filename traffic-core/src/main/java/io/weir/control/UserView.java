package io.weir.control;

import io.weir.admin.users.User;

import java.time.Duration;

/**
 * A user as the interfaces see one. What is secret of it is for nobody to see.
 *
 * @param viewOnly whether the user may change nothing and do nothing
 * @param locked how long wrong passwords still keep the user out; zero when they do not
 */
public record UserView(User user, boolean viewOnly, Duration locked) {}
