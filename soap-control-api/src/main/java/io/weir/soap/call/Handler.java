package io.weir.soap.call;

import org.jspecify.annotations.Nullable;

/** What an operation does. Safe for every thread; may wait for disk and sockets. */
@FunctionalInterface
public interface Handler {

    /**
     * Does it, as far as the draft of the call goes. Called again with a new draft when somebody
     * else has changed the configuration meanwhile.
     *
     * @return the result; null for operations without one
     * @throws SoapProblem when it cannot be done; nothing has changed then
     */
    @Nullable Object run(Call call) throws SoapProblem;
}
