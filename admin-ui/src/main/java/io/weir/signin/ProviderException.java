package io.weir.signin;

/** A provider does not let somebody in, or cannot be asked. The message is for operators. */
final class ProviderException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean away;

    private ProviderException(boolean away, String message, Throwable cause) {
        super(message, cause);
        this.away = away;
    }

    ProviderException(String message) {
        super(message);
        this.away = false;
    }

    /** What the provider says cannot be believed. */
    static ProviderException unbelievable(String message, Throwable cause) {
        return new ProviderException(false, message, cause);
    }

    /** The provider cannot be asked. */
    static ProviderException away(String message, Throwable cause) {
        return new ProviderException(true, message, cause);
    }

    /** Whether the provider cannot be asked at the moment. */
    boolean isAway() {
        return away;
    }
}
