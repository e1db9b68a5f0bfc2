package io.weir.alert.receiver;

import io.weir.config.ActionConfig.Syslog;
import io.weir.event.Event;
import io.weir.log.PlainText;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sends messages of RFC 5424 to a syslog server: as datagrams (RFC 5426), over TCP with counted
 * octets (RFC 6587 section 3.4.1) or over TLS (RFC 5425). Syslog has no acknowledgements; over TCP
 * each delivery has a connection of its own that is closed in order, which at least tells a server
 * that is gone from one that reads.
 */
final class SyslogReceiver implements Receiver {

    private static final Duration CONNECT_TIME = Duration.ofSeconds(10);

    /** How long the server gets to close its side, which few do at once. */
    private static final Duration CLOSE_TIME = Duration.ofMillis(500);

    private static final int MOST = 100;
    private static final int MAX_MSGID = 32;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Syslog settings;
    private final String machine;

    SyslogReceiver(Syslog settings, String machine) {
        this.settings = settings;
        this.machine = machine;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public void send(List<Alert> alerts) throws IOException, UndeliverableException {
        List<byte[]> messages = new ArrayList<>();
        for (Alert alert : alerts) {
            messages.add(message(alert));
        }
        try {
            switch (settings.transport()) {
                case UDP -> datagrams(messages);
                case TCP -> {
                    try (Socket socket = connect()) {
                        stream(socket, messages);
                    }
                }
                case TLS -> {
                    try (Socket socket = connect();
                            SSLSocket secured = secure(socket)) {
                        stream(secured, messages);
                    }
                }
            }
        } catch (IOException e) {
            throw new IOException(settings.server() + ": " + e.getMessage(), e);
        }
    }

    /** {@code <PRI>1 TIME HOST weir PID TAG - BOM objects text}, cut to the longest size. */
    byte[] message(Alert alert) {
        Event event = alert.event();
        int severity =
                switch (event.severity()) {
                    case INFO -> 6;
                    case WARN -> 4;
                    case SERIOUS -> 3;
                    case FATAL -> 2;
                };
        String tag = event.tag().keyword();
        StringBuilder text = new StringBuilder(256);
        text.append('<').append(settings.facility().number() * 8 + severity).append(">1 ");
        text.append(TIME.format(event.time())).append(' ').append(machine).append(" weir ");
        text.append(ProcessHandle.current().pid()).append(' ');
        text.append(tag, 0, Math.min(tag.length(), MAX_MSGID)).append(" - \ufeff");
        text.append(alert.objects()).append(' ');
        PlainText.append(event.text(), text);
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, settings.maxMessage());
        if (length < bytes.length) {
            // No character is cut in two.
            while (length > 0 && (bytes[length] & 0xc0) == 0x80) {
                length--;
            }
        }
        return java.util.Arrays.copyOf(bytes, length);
    }

    private void datagrams(List<byte[]> messages) throws IOException {
        InetAddress address = InetAddress.getByName(settings.server().host());
        try (DatagramSocket socket = new DatagramSocket()) {
            for (byte[] message : messages) {
                socket.send(
                        new DatagramPacket(
                                message, message.length, address, settings.server().port()));
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(settings.server().host(), settings.server().port()),
                    (int) CONNECT_TIME.toMillis());
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    private SSLSocket secure(Socket socket) throws IOException, UndeliverableException {
        SSLSocket secured =
                (SSLSocket)
                        Trust.context(settings.caFile())
                                .getSocketFactory()
                                .createSocket(
                                        socket,
                                        settings.server().host(),
                                        settings.server().port(),
                                        true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static void stream(Socket socket, List<byte[]> messages) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (byte[] message : messages) {
            out.write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
            out.write(message);
        }
        out.flush();
        socket.shutdownOutput();
        socket.setSoTimeout((int) CLOSE_TIME.toMillis());
        try {
            // A server that has died answers with a reset, which fails here.
            while (socket.getInputStream().read() >= 0) {
                // Syslog servers say nothing; what they say is not for us.
            }
        } catch (SocketTimeoutException e) {
            // It reads on and closes later.
        }
    }
}
