package io.weir.alert.receiver;

import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server for tests. With a context it insists on STARTTLS, with a password on AUTH after
 * that. Safe for every thread.
 */
final class FakeSmtp implements AutoCloseable {

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final @Nullable String password;
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<String> sessions = new CopyOnWriteArrayList<>();
    private volatile String answerToRecipients = "250 ok";

    FakeSmtp(@Nullable SSLContext tls, @Nullable String password) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.tls = tls;
        this.password = password;
        Thread.ofVirtual().name("fake-smtp").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void answerToRecipients(String answer) {
        answerToRecipients = answer;
    }

    /** The mails, each with its headers. */
    List<String> mails() {
        return mails;
    }

    /** How many connections there were. */
    int sessions() {
        return sessions.size();
    }

    List<String> await(int count) {
        Await.until(count + " mails", () -> mails.size() >= count);
        return mails;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sessions.add("session");
                Thread.ofVirtual().name("fake-smtp-session").start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            Lines lines = new Lines(plain);
            lines.say("220 mail.example ESMTP");
            boolean secured = false;
            boolean known = password == null;
            while (true) {
                String line = lines.read();
                if (line == null) {
                    return;
                }
                String verb = line.toUpperCase(Locale.ROOT);
                if (verb.startsWith("EHLO")) {
                    lines.say("250-mail.example");
                    if (tls != null && !secured) {
                        lines.say("250-STARTTLS");
                    } else if (password != null) {
                        lines.say("250-AUTH PLAIN");
                    }
                    lines.say("250 8BITMIME");
                } else if (verb.equals("STARTTLS") && tls != null) {
                    lines.say("220 go on");
                    lines = new Lines(secure(tls, plain));
                    secured = true;
                } else if (tls != null && !secured) {
                    lines.say("530 Must issue a STARTTLS command first");
                } else if (verb.startsWith("AUTH PLAIN ")) {
                    known = login(line.substring("AUTH PLAIN ".length()));
                    lines.say(known ? "235 welcome" : "535 wrong user or password");
                } else if (!known) {
                    lines.say("530 Authentication required");
                } else if (verb.startsWith("MAIL")) {
                    lines.say("250 ok");
                } else if (verb.startsWith("RCPT")) {
                    lines.say(answerToRecipients);
                } else if (verb.equals("DATA")) {
                    lines.say("354 go on");
                    mails.add(lines.data());
                    lines.say("250 taken");
                } else if (verb.equals("QUIT")) {
                    lines.say("221 bye");
                    return;
                } else {
                    lines.say("250 ok");
                }
            }
        } catch (IOException e) {
            // The client has gone, which is the end of the session.
        }
    }

    private boolean login(String response) {
        String plain = new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8);
        return plain.endsWith("\0weir\0" + password);
    }

    private static SSLSocket secure(SSLContext tls, Socket plain) throws IOException {
        SSLSocket secured =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        return secured;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static final class Lines {
        private final BufferedReader in;
        private final OutputStream out;

        Lines(Socket socket) throws IOException {
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        @Nullable String read() throws IOException {
            return in.readLine();
        }

        void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        String data() throws IOException {
            StringBuilder data = new StringBuilder();
            String line = in.readLine();
            while (line != null && !line.equals(".")) {
                data.append(line).append('\n');
                line = in.readLine();
            }
            return data.toString();
        }
    }
}
