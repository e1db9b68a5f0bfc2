package io.weir.js;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A Weir in front of nodes, with rules written in the test. */
final class RuledWeir {

    private final Path directory;
    private final List<String> lists = new ArrayList<>();
    private final List<String> catalog = new ArrayList<>();
    private ConfigText text;
    private String more = "";
    private @Nullable RunningWeir weir;

    RuledWeir(Path directory, FakeNode... nodes) {
        this.directory = directory;
        this.text = ConfigText.of(nodes).global("event-loops: 1");
    }

    RuledWeir pool(String name, FakeNode node) {
        text = text.anotherPool(name, "nodes: [\"" + node.address() + "\"]");
        return this;
    }

    RuledWeir virtualServer(String... lines) {
        text = text.virtualServer(lines);
        return this;
    }

    RuledWeir global(String... lines) {
        text = text.global(lines);
        return this;
    }

    /** Further sections of the configuration, as they stand. */
    RuledWeir sections(String yaml) {
        more += yaml;
        return this;
    }

    /** The Weir once it was started. */
    RunningWeir running() {
        return Objects.requireNonNull(weir);
    }

    RuledWeir poolKeys(String... lines) {
        text = text.pool(lines);
        return this;
    }

    RawClient client() {
        return RawClient.to(Objects.requireNonNull(weir).port());
    }

    RuledWeir request(String... sources) {
        return rules("request-rules", sources);
    }

    RuledWeir response(String... sources) {
        return rules("response-rules", sources);
    }

    RuledWeir completion(String... sources) {
        return rules("completion-rules", sources);
    }

    private RuledWeir rules(String key, String... sources) {
        List<String> names = new ArrayList<>();
        for (String source : sources) {
            String name = key.substring(0, key.indexOf('-')) + (catalog.size() + 1);
            write(name, source);
            catalog.add(name);
            names.add(name);
        }
        lists.add(key + ": [" + String.join(", ", names) + "]");
        return this;
    }

    /** A rule that a list names which the test writes itself. */
    RuledWeir catalog(String name, String source) {
        write(name, source);
        catalog.add(name);
        return this;
    }

    void write(String name, String source) {
        try {
            Files.writeString(file(name), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of what the node got, one field a line, and its body. */
    static String seen(FakeNode node) {
        ReceivedRequest request = node.received().getFirst();
        StringBuilder text = new StringBuilder(request.method() + " " + request.target() + "\n");
        request.fields()
                .all()
                .forEach(f -> text.append(f.name()).append(": ").append(f.value()).append('\n'));
        return text.append('\n').append(request.text()).toString();
    }

    private Path file(String name) {
        return directory.resolve(name + ".js");
    }

    String yaml() {
        StringBuilder yaml =
                new StringBuilder(text.virtualServer(lists.toArray(new String[0])).toString());
        yaml.append("rules:\n");
        for (String name : catalog) {
            yaml.append("  ").append(name).append(": ").append(file(name)).append('\n');
        }
        return yaml.append(more).toString();
    }

    RunningWeir start(WeirExtension extension) {
        RunningWeir started = extension.startIn(directory, yaml());
        weir = started;
        return started;
    }

    ReceivedResponse get(String path, String... fields) {
        StringBuilder request =
                new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: www.test\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return send(request.append("\r\n").toString());
    }

    ReceivedResponse send(String request) {
        try (RawClient client = RawClient.to(Objects.requireNonNull(weir).port())) {
            return client.exchange(request);
        }
    }
}
