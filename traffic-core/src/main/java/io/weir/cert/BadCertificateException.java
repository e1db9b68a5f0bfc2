package io.weir.cert;

/** A certificate, key or list cannot be used. The message is one line that shows no key. */
public final class BadCertificateException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    BadCertificateException(Finding finding) {
        super(finding.toString());
        this.finding = finding;
    }

    /** What is wrong, and in which file. */
    public Finding finding() {
        return finding;
    }
}
