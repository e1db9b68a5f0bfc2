package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.Directories;
import io.weir.launcher.command.CommandTree;
import io.weir.launcher.command.Console;
import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Part;
import io.weir.soap.table.Tables;
import io.weir.testkit.Await;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * All interfaces of a running, managed Weir in the hands of somebody who may do everything: the
 * command line, REST, the REST tree of the model product, SOAP. What they say is written down.
 */
final class Interfaces {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PASSWORD = "correct horse battery";
    private static final Pattern PORT = Pattern.compile("one-time secret \\S+, at port (\\d+);");
    private static final Pattern BACKUP = Pattern.compile(">([A-Za-z0-9+/=\\s]{100,})<");

    /** A tree that is larger than any sensible one has a loop in it. */
    private static final int MOST_PLACES = 3000;

    private final Path home;
    private final String base;
    private final HttpClient client;
    private final Tables tables = Tables.load();
    private final StringBuilder said = new StringBuilder();
    private String token = "";
    private int answers;

    private Interfaces(Path home, int port) throws IOException, GeneralSecurityException {
        this.home = home;
        this.base = "https://127.0.0.1:" + port;
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream own = Files.newInputStream(home.resolve("state/admin.pem"))) {
            trust.setCertificateEntry(
                    "own", CertificateFactory.getInstance("X.509").generateCertificate(own));
        }
        TrustManagerFactory trusting = TrustManagerFactory.getInstance("PKIX");
        trusting.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting.getTrustManagers(), null);
        this.client = HttpClient.newBuilder().sslContext(context).build();
    }

    /** Waits until Weir runs, and gives its first user a password. */
    static Interfaces of(Installation.Running weir, Path home) throws Exception {
        Await.until(
                "the first user",
                Duration.ofSeconds(60),
                () -> PORT.matcher(weir.out()).find() || weir.hasEnded());
        Matcher found = PORT.matcher(weir.out());
        assertThat(found.find()).as(weir.out() + weir.err()).isTrue();
        Interfaces all = new Interfaces(home, Integer.parseInt(found.group(1)));
        Path password = Files.writeString(home.resolveSibling("password"), PASSWORD + "\n");
        all.command(0, "user", "passwd", "admin", "--password-file", password.toString());
        String given = all.command(0, "user", "token", "admin", "--note", "test");
        all.token = given.strip().substring(given.strip().lastIndexOf(' ') + 1);
        return all;
    }

    /** Everything that was said so far. */
    String said() {
        return said.toString();
    }

    /** How often something was said. */
    int answers() {
        return answers;
    }

    private void note(String text) {
        answers++;
        said.append(text).append('\n');
    }

    // ---- the command line

    /** Runs a command in this process against the Weir of that one. */
    String command(int expected, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        Map<String, String> environment =
                Map.of(
                        "WEIR_RUN_DIR", home.resolve("run").toString(),
                        "WEIR_STATE_DIR", home.resolve("state").toString(),
                        "WEIR_LOG_DIR", home.resolve("log").toString());
        Console console =
                new Console(
                        print,
                        print,
                        new Directories.Machine(home, environment, home, 1),
                        directories -> {
                            throw new IllegalStateException("serves nothing");
                        },
                        () -> {});
        int code = CommandTree.execute(console, words);
        String text = out.toString(StandardCharsets.UTF_8);
        note(text);
        assertThat(code).as("weir %s: %s", String.join(" ", words), text).isEqualTo(expected);
        return text;
    }

    // ---- HTTP

    private HttpResponse<byte[]> ask(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        byte[] login = ("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8);
        boolean rest = path.startsWith("/api/") && !path.startsWith("/api/tm/");
        String who =
                rest ? "Bearer " + token : "Basic " + Base64.getEncoder().encodeToString(login);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", type)
                        .header("Authorization", who)
                        .timeout(Duration.ofSeconds(60))
                        .build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        note(response.headers().map() + new String(response.body(), StandardCharsets.UTF_8));
        return response;
    }

    /** Asks REST for something; returns the status. */
    int rest(String method, String path, String body) throws IOException, InterruptedException {
        return ask(method, path, "application/json", body).statusCode();
    }

    /** What REST says there. */
    JsonNode restBody(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = ask("GET", path, "application/json", "");
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** The files beside the configuration, and those that are there and not shown. */
    List<String> files() throws IOException {
        try (var found = Files.walk(home.resolve("state/store/tree"))) {
            return found.filter(Files::isRegularFile)
                    .map(f -> home.resolve("state/store/tree").relativize(f).toString())
                    .toList();
        }
    }

    /** Every revision, and what is different between each two that follow each other. */
    void everyRevision() throws IOException, InterruptedException {
        String before = "";
        for (JsonNode each : restBody("/api/v1/revisions").get("revisions")) {
            String number = each.get("revision").asString();
            rest("GET", "/api/v1/revisions/" + number, "");
            if (!before.isEmpty()) {
                rest("GET", "/api/v1/revisions/" + number + "/difference/" + before, "");
            }
            before = number;
        }
    }

    /** Every log, whole. */
    void everyLog() throws IOException, InterruptedException {
        for (JsonNode each : restBody("/api/v1/logs").get("logs")) {
            String name = each.get("name").asString().replace("/", "%2F");
            rest("GET", "/api/v1/logs/" + name + "?whole=true", "");
        }
    }

    /** The tree of the model product from {@code root} to its leaves. */
    void modelTree(String root) throws IOException, InterruptedException {
        List<String> open = new ArrayList<>(List.of(root + "/"));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String place = open.removeLast();
            if (!seen.add(place)) {
                continue;
            }
            assertThat(seen).hasSizeLessThan(MOST_PLACES);
            HttpResponse<byte[]> response = ask("GET", place, "application/json", "");
            JsonNode list =
                    response.statusCode() == 200
                            ? JSON.readTree(response.body()).get("children")
                            : null;
            if (list != null) {
                list.forEach(child -> open.add(child.get("href").asString()));
            }
        }
    }

    // ---- SOAP

    /** Calls an operation with parameters that are written as elements; returns the status. */
    int soap(String api, String operation, String parameters)
            throws IOException, InterruptedException {
        return soap(tables.newest(api), operation, parameters);
    }

    private int soap(Api api, String operation, String parameters)
            throws IOException, InterruptedException {
        String message =
                """
                <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
                    xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
                    xmlns:xsd="http://www.w3.org/2001/XMLSchema"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
                  <soap:Body><n:%1$s xmlns:n="%2$s">%3$s</n:%1$s></soap:Body>
                </soap:Envelope>
                """
                        .formatted(operation, api.namespace(), parameters);
        HttpResponse<byte[]> response = ask("POST", "/soap", "text/xml; charset=utf-8", message);
        Matcher binary = BACKUP.matcher(new String(response.body(), StandardCharsets.UTF_8));
        while (binary.find()) {
            byte[] content = Base64.getMimeDecoder().decode(binary.group(1));
            note(new String(unpacked(content), StandardCharsets.ISO_8859_1));
        }
        return response.statusCode();
    }

    /** Every operation that only asks, with the names of things that are there. */
    void everySoapQuestion() throws IOException, InterruptedException {
        for (Api api : tables.all()) {
            for (Operation operation : api.operations().values()) {
                String name = operation.name();
                boolean asks = name.matches("(get|list|download|diagnose).*");
                if (asks && !api.isCallback() && !operation.located()) {
                    for (String thing : things(api, operation)) {
                        soap(api, name, parameters(operation, thing));
                    }
                }
            }
        }
    }

    private static List<String> things(Api api, Operation operation) {
        if (operation.parts().isEmpty()) {
            return List.of("");
        }
        return switch (api.name()) {
            case "VirtualServer", "System.AccessLogs" -> List.of("secure");
            case "Catalog.SSL.Certificates" -> List.of("rest", "soap", "a", "a.key", "d.der");
            case "Conf.Extra" -> List.of("a.key", "d.der", "../d.der", "../certificates/rest.key");
            case "System.Backups" -> List.of("b");
            default -> List.of("web");
        };
    }

    private static String parameters(Operation operation, String thing) {
        StringBuilder all = new StringBuilder();
        for (Part part : operation.ownParts()) {
            boolean list = part.type().typeName().endsWith("Array");
            all.append(list ? "<p><i>" + thing + "</i></p>" : "<p>" + thing + "</p>");
        }
        return all.toString();
    }

    // ---- what is packed

    /** What a file holds, taken out of the packings that Weir and git use. */
    static byte[] inflated(Path file) throws IOException {
        return unpacked(Files.readAllBytes(file));
    }

    private static byte[] unpacked(byte[] content) throws IOException {
        if (starts(content, 'P', 'K')) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
                for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
                    out.write(unpacked(zip.readAllBytes()));
                }
            }
            return out.toByteArray();
        }
        if (starts(content, 0x1f, 0x8b)) {
            return new GZIPInputStream(new ByteArrayInputStream(content)).readAllBytes();
        }
        if (starts(content, 0x78, 0x9c) || starts(content, 0x78, 0x01)) {
            return new InflaterInputStream(new ByteArrayInputStream(content)).readAllBytes();
        }
        return content;
    }

    private static boolean starts(byte[] content, int first, int second) {
        return content.length > 2 && content[0] == (byte) first && content[1] == (byte) second;
    }
}
