package io.weir.tls;

import io.weir.cert.Identity;
import io.weir.config.CertificateFiles;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Keeps the authorities' answers about certificates, which servers send along with them. A failure
 * is logged, asked about again later, and costs clients nothing but the answer. Safe for every
 * thread.
 */
public final class Stapling {

    private static final Logger LOG = LoggerFactory.getLogger(Stapling.class);

    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int MOST_BYTES = 64 * 1024;

    private final Executor threads;
    private final Ticker ticker;

    /** Guarded by this. */
    private final Map<String, Answer> answers = new HashMap<>();

    /** Fingerprints of certificates that are being asked about. Guarded by this. */
    private final Set<String> asking = new HashSet<>();

    /**
     * What is known about a certificate.
     *
     * @param response null after a failure
     */
    private record Answer(byte @Nullable [] response, @Nullable Instant until, Instant askAgain) {}

    /**
     * @param threads where authorities are asked and files are read
     */
    public Stapling(Executor threads, Ticker ticker) {
        this.threads = threads;
        this.ticker = ticker;
    }

    /** Hands out what is known, and asks for what is not; to be called about once a minute. */
    public synchronized void look(Collection<ServerTls> serving) {
        Instant now = ticker.now();
        Set<String> used = new HashSet<>();
        for (ServerTls tls : serving) {
            if (!tls.config().ocspStapling()) {
                continue;
            }
            List<CertificateFiles> files = tls.config().all();
            for (int i = 0; i < tls.identities().size(); i++) {
                Identity identity = tls.identities().get(i);
                Path file = files.get(i).ocspFile();
                used.add(identity.fingerprint());
                Answer known = answers.get(identity.fingerprint());
                if (known != null) {
                    boolean over = known.until != null && now.isAfter(known.until);
                    tls.staple(i, over ? null : known.response);
                }
                if (known == null || now.isAfter(known.askAgain) || file != null) {
                    ask(tls, i, identity, file);
                }
            }
        }
        answers.keySet().retainAll(used);
    }

    private void ask(ServerTls tls, int position, Identity identity, @Nullable Path file) {
        if (asking.add(identity.fingerprint())) {
            threads.execute(() -> answer(tls, position, identity, file));
        }
    }

    private void answer(ServerTls tls, int position, Identity identity, @Nullable Path file) {
        Instant now = ticker.now();
        Answer answer;
        try {
            byte[] response = file == null ? OcspRequest.ask(identity) : read(file);
            OcspResponse checked = OcspResponse.check(response, identity, now);
            Instant until = checked.until();
            Instant half =
                    until == null
                            ? now.plus(Duration.ofHours(1))
                            : now.plus(Duration.between(now, until).dividedBy(2));
            Instant latest = now.plus(LONGEST);
            answer = new Answer(response, until, half.isBefore(latest) ? half : latest);
        } catch (IOException | RuntimeException e) {
            // Addresses and bytes that others have written can upset a parser in any way.
            LOG.warn("no OCSP response for {}: {}", identity, e.getMessage());
            answer = new Answer(null, null, now.plus(AFTER_FAILURE));
        }
        synchronized (this) {
            asking.remove(identity.fingerprint());
            Answer before = answers.get(identity.fingerprint());
            if (answer.response == null
                    && before != null
                    && before.response != null
                    && (before.until == null || now.isBefore(before.until))) {
                answer = new Answer(before.response, before.until, answer.askAgain);
            }
            answers.put(identity.fingerprint(), answer);
            tls.staple(position, answer.response);
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " has more than " + MOST_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }
}
