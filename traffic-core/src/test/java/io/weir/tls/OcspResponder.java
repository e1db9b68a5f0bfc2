package io.weir.tls;

import com.sun.net.httpserver.HttpServer;

import io.weir.testkit.OpenSsl;
import io.weir.testkit.TestCa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** An authority's responder on a loopback port; {@code openssl ocsp} makes the answers. */
final class OcspResponder implements AutoCloseable {

    private final Path directory;
    private final OpenSsl openssl;
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String signer = "authority";

    OcspResponder(Path directory, TestCa ca) throws IOException {
        this.directory = directory;
        this.openssl = new OpenSsl(directory);
        ca.write(directory.resolve("authority.pem")).writeKey(directory.resolve("authority.key"));
        Files.writeString(directory.resolve("index.txt"), "");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] request = exchange.getRequestBody().readAllBytes();
                    asked.incrementAndGet();
                    byte[] response = answer(request);
                    exchange.sendResponseHeaders(200, response.length);
                    exchange.getResponseBody().write(response);
                    exchange.close();
                });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** How often it was asked. */
    int asked() {
        return asked.get();
    }

    OcspResponder good(X509Certificate certificate) {
        return know("V\t401231235959Z\t\t", certificate);
    }

    OcspResponder revoked(X509Certificate certificate) {
        return know("R\t401231235959Z\t260101000000Z\t", certificate);
    }

    private OcspResponder know(String status, X509Certificate certificate) {
        String serial = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        String even = serial.length() % 2 == 0 ? serial : "0" + serial;
        try {
            Files.writeString(
                    directory.resolve("index.txt"), status + even + "\tunknown\t/CN=any\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers are signed with {@code name.key} and come with {@code name.pem}. */
    OcspResponder signer(String name) {
        signer = name;
        return this;
    }

    /** The answer about {@code issued}, as a file. */
    Path answerAbout(TestCa.Issued issued, String name) {
        issued.write(directory, "asked");
        openssl.run(
                "ocsp -issuer authority.pem -cert asked.pem -no_nonce -reqout " + name + ".req");
        return answered(name);
    }

    private synchronized byte[] answer(byte[] request) throws IOException {
        Files.write(directory.resolve("http.req"), request);
        return Files.readAllBytes(answered("http"));
    }

    private Path answered(String name) {
        openssl.run(
                "ocsp -index index.txt -CA authority.pem -rsigner "
                        + signer
                        + ".pem -rkey "
                        + signer
                        + ".key -ndays 7 -reqin "
                        + name
                        + ".req -respout "
                        + name
                        + ".resp");
        return directory.resolve(name + ".resp");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
