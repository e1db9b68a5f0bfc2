package io.weir.function;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * HTTP requests of rules to other servers: one connection each, to an address that was checked,
 * with limits on time and length. Blocks; called on threads that may. Safe for every thread.
 */
public class Calls {

    private static final int MAX_HEAD = 64 << 10;

    private final Egress egress;
    private final Waiting waiting;
    private final long bodyLimit;

    /** What came back. */
    public record Reply(int status, String statusLine, String type, String fields, String body) {}

    public Calls(Egress egress, Waiting waiting, long bodyLimit) {
        this.egress = egress;
        this.waiting = waiting;
        this.bodyLimit = bodyLimit;
    }

    Waiting waiting() {
        return waiting;
    }

    Egress egress() {
        return egress;
    }

    /**
     * Makes one request.
     *
     * @param fields lines joined by CR LF
     * @param authorities those that may vouch for an https server, as PEM; empty for those of the
     *     system
     */
    public Reply call(
            String method, String url, String fields, byte[] body, String authorities, int millis)
            throws IOException {
        URI uri = uri(url);
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        long end = System.nanoTime() + millis * 1_000_000L;
        InetAddress address = egress.resolve(uri.getHost(), port);
        try (Socket plain = connected(address, port, millis);
                TimeLimit limit = new TimeLimit(plain, Duration.ofNanos(end - System.nanoTime()))) {
            try (Socket socket =
                    secure ? secured(plain, uri.getHost(), port, authorities) : plain) {
                socket.getOutputStream().write(request(method, uri, port, secure, fields, body));
                socket.getOutputStream().flush();
                return read(new Timed(socket, end), method);
            } catch (IOException e) {
                throw limit.over() ? new IOException("the answer took too long", e) : e;
            }
        }
    }

    private static URI uri(String url) throws IOException {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new IOException("'" + url + "' is no http or https URL");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IOException("'" + url + "' is no URL", e);
        }
    }

    private static Socket connected(InetAddress address, int port, int millis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port, String authorities)
            throws IOException {
        SSLSocketFactory factory =
                authorities.isEmpty()
                        ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                        : trusting(authorities);
        SSLSocket wrapped = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = wrapped.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        wrapped.setSSLParameters(parameters);
        wrapped.startHandshake();
        return wrapped;
    }

    /** Sockets that trust those who are named in PEM, and nobody else. */
    static SSLSocketFactory trusting(String authorities) throws IOException {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            int count = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(Bytes.of(authorities)))) {
                anchors.setCertificateEntry("ca" + count++, each);
            }
            if (count == 0) {
                throw new IOException("the authorities are no certificates in PEM");
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("the authorities cannot be used: " + e.getMessage(), e);
        }
    }

    private static byte[] request(
            String method, URI uri, int port, boolean secure, String fields, byte[] body) {
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String host = port == (secure ? 443 : 80) ? uri.getHost() : uri.getHost() + ":" + port;
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path).append(query).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host).append("\r\nConnection: close\r\n");
        for (String line : fields.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.regionMatches(true, 0, "host:", 0, 5)) {
                head.append(FieldCheck.name(line.substring(0, colon).strip())).append(": ");
                head.append(line.substring(colon + 1).strip().replaceAll("\\p{Cntrl}", " "));
                head.append("\r\n");
            }
        }
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] start = Bytes.of(head.append("\r\n").toString());
        byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    private Reply read(Timed in, String method) throws IOException {
        int[] budget = {MAX_HEAD};
        String statusLine = in.line(budget);
        while (statusLine.matches("HTTP/1\\.[01] 1\\d\\d( .*)?")) {
            while (!in.line(budget).isEmpty()) {
                // The fields of an interim response.
            }
            statusLine = in.line(budget);
        }
        if (!statusLine.matches("HTTP/1\\.[01] [2-5]\\d\\d( .*)?")) {
            throw new IOException("the answer is no HTTP");
        }
        StringBuilder fields = new StringBuilder();
        String type = "";
        long length = -1;
        boolean chunked = false;
        for (String line = in.line(budget); !line.isEmpty(); line = in.line(budget)) {
            fields.append(line).append("\r\n");
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "content-type" -> type = value;
                case "content-length" -> length = length(value);
                case "transfer-encoding" ->
                        chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
                default -> {}
            }
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        boolean none = method.equals("HEAD") || status == 204 || status == 304;
        byte[] body =
                none ? new byte[0] : chunked ? in.chunks(bodyLimit) : in.body(length, bodyLimit);
        return new Reply(status, statusLine, type, fields.toString(), Bytes.text(body));
    }

    private static long length(String value) throws IOException {
        if (!value.matches("[0-9]{1,18}")) {
            throw new IOException("the answer has a bad Content-Length");
        }
        return Long.parseLong(value);
    }

    /** Reads with one deadline for everything. */
    private static final class Timed {
        private final Socket socket;
        private final InputStream in;
        private final long end;

        Timed(Socket socket, long end) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.end = end;
        }

        private void check() throws IOException {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IOException("the answer took too long");
            }
            socket.setSoTimeout((int) left);
        }

        String line(int[] budget) throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                check();
                int c = in.read();
                if (c < 0) {
                    throw new EOFException("the answer was cut short");
                }
                if (--budget[0] < 0) {
                    throw new IOException("the head of the answer is too long");
                }
                if (c == '\n') {
                    int last = line.length() - 1;
                    if (last >= 0 && line.charAt(last) == '\r') {
                        line.setLength(last);
                    }
                    return line.toString();
                }
                line.append((char) c);
            }
        }

        byte[] body(long length, long limit) throws IOException {
            if (length > limit) {
                throw new IOException("the answer is longer than body-limit");
            }
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            byte[] piece = new byte[8192];
            while (length < 0 || out.size() < length) {
                check();
                int want =
                        length < 0
                                ? piece.length
                                : (int) Math.min(piece.length, length - out.size());
                int got = in.read(piece, 0, want);
                if (got < 0) {
                    if (length >= 0) {
                        throw new EOFException("the answer was cut short");
                    }
                    break;
                }
                out.write(piece, 0, got);
                if (out.size() > limit) {
                    throw new IOException("the answer is longer than body-limit");
                }
            }
            return out.toByteArray();
        }

        byte[] chunks(long limit) throws IOException {
            java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
            int[] budget = {MAX_HEAD};
            while (true) {
                String size = line(budget).split(";", 2)[0].strip();
                if (!size.matches("[0-9a-fA-F]{1,8}")) {
                    throw new IOException("the answer has a bad chunk");
                }
                long length = Long.parseLong(size, 16);
                if (length == 0) {
                    return out.toByteArray();
                }
                out.writeBytes(body(length, limit - out.size()));
                line(budget);
                budget[0] = MAX_HEAD;
            }
        }
    }
}
