package io.weir.control.local;

import io.weir.control.store.Directories;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The other end of the control socket. Confined to one thread. */
public final class ControlClient implements AutoCloseable {

    private static final int MAX_ANSWER = 64 << 20;

    private final SocketChannel channel;
    private final BufferedReader answers;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        this.answers =
                new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8), 16 << 10);
    }

    /**
     * Connects to the Weir whose socket lies in the first of {@code runDirectories} that has a
     * living one.
     *
     * @throws IOException naming all places when none has
     */
    public static ControlClient connect(List<Path> runDirectories) throws IOException {
        StringBuilder tried = new StringBuilder();
        for (Path directory : runDirectories) {
            Path socket = directory.resolve("weir.sock");
            String failure;
            if (!Files.exists(socket)) {
                failure = "nothing there";
            } else if (!Directories.trusted(directory)) {
                failure = "made by another user";
            } else {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(socket));
                    return new ControlClient(channel);
                } catch (IOException e) {
                    channel.close();
                    failure = String.valueOf(e.getMessage());
                }
            }
            tried.append(tried.isEmpty() ? "" : ", ").append(socket).append(" (");
            tried.append(failure).append(')');
        }
        throw new IOException("no running Weir found at " + tried);
    }

    /**
     * Sends a command and waits for the answer.
     *
     * @return the answer: {@code ok}, and {@code result} or {@code problem}
     * @throws IOException when Weir goes away, or does not answer within {@code patience}
     */
    public Map<String, @Nullable Object> call(
            String command, Map<String, ?> arguments, Duration patience) throws IOException {
        Thread impatient =
                Thread.ofVirtual()
                        .name("control-client-patience")
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(patience);
                                        channel.close();
                                    } catch (InterruptedException | IOException e) {
                                        // The answer has come.
                                    }
                                });
        try {
            send(command, arguments);
            String line = readLine();
            if (line == null) {
                throw new IOException("Weir closed the connection without an answer");
            }
            return Json.readObject(line);
        } catch (IOException e) {
            throw channel.isOpen()
                    ? e
                    : new IOException(
                            "Weir did not answer within " + patience.toSeconds() + " seconds", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("Weir answered something else than JSON", e);
        } finally {
            impatient.interrupt();
        }
    }

    /** Sends a command whose answers are to be read with {@link #next}. */
    public void send(String command, Map<String, ?> arguments) throws IOException {
        String line =
                Json.write(
                        Json.object(
                                "version", ControlSocket.VERSION,
                                "command", command,
                                "arguments", arguments));
        ByteBuffer out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** The next answer, however long it takes; null when Weir has gone. */
    public @Nullable Map<String, @Nullable Object> next() throws IOException {
        String line = readLine();
        while (line != null && line.isEmpty()) {
            line = readLine();
        }
        return line == null ? null : Json.readObject(line);
    }

    private @Nullable String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = answers.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (line.length() == MAX_ANSWER) {
                throw new IOException("Weir's answer is longer than " + MAX_ANSWER);
            }
            line.append((char) c);
            c = answers.read();
        }
        return line.toString();
    }

    /** Closes the connection; closing twice is harmless. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
