package io.weir.config.load;

import io.weir.config.WeirConfig;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The way from files to a {@link WeirConfig}. It reports everything that is wrong, not only what
 * comes first, and never yields a configuration that has an error in it.
 *
 * <p>Any thread may load; a load reads files and so may block.
 */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Loads a main file and the files it includes.
     *
     * @param main problems name it, and what lies beside it, as it is given here
     */
    public static Loaded load(Path main, Environment environment) {
        Problems problems = new Problems();
        Sources sources = new Sources(environment, problems);
        sources.read(main);
        return finish(sources, main, directory(main), false, problems);
    }

    /**
     * Loads a configuration that is in one piece; nothing is included.
     *
     * @param name of the document, for problems; error files are relative to its directory
     */
    public static Loaded parse(String text, Path name, Environment environment) {
        Problems problems = new Problems();
        Sources sources = new Sources(environment, problems);
        sources.take(name, text);
        return finish(sources, name, directory(name), false, problems);
    }

    /**
     * Loads a configuration that was sound when it was kept. Its rules and address lists are those
     * of then, whatever lies in their files now; a page for clients whose file cannot be read gives
     * way to the built-in one, with a warning.
     *
     * @param main the main file that it was made of
     */
    public static Loaded restore(KeptConfig kept, Path main, Environment environment) {
        Problems problems = new Problems();
        Sources sources = new Sources(environment, kept.files(), problems);
        sources.take(main, kept.text());
        return finish(sources, main, directory(main), true, problems);
    }

    /**
     * The configuration of a proxy that needs no file: the virtual server {@code proxy}.
     *
     * @param arguments the address to listen on, or only its port, then at least one node; a node
     *     without a port has port 80
     */
    public static Loaded fromProxyArguments(List<String> arguments) {
        Path name = Path.of("arguments");
        Place place = Place.whole(name);
        Map<String, Member> server = new LinkedHashMap<>();
        if (!arguments.isEmpty()) {
            String listen = arguments.getFirst();
            server.put(
                    "listen",
                    member(text(place, Quantity.isNumber(listen, 5) ? ":" + listen : listen)));
        }
        if (arguments.size() > 1) {
            List<Node> nodes = new ArrayList<>();
            for (String argument : arguments.subList(1, arguments.size())) {
                nodes.add(text(place, withPort(argument)));
            }
            server.put("pool", member(new Sequence(place, nodes)));
        }
        Map<String, Member> servers = Map.of("proxy", member(new Mapping(place, server)));
        Map<String, Member> root = Map.of("virtual-servers", member(new Mapping(place, servers)));
        Problems problems = new Problems();
        Sources sources = new Sources(new Environment(Map.of(), Path.of("secrets")), problems);
        sources.take(new Mapping(place, root));
        return finish(sources, name, Path.of("").toAbsolutePath(), false, problems);
    }

    /** The JSON Schema (draft 2020-12) of configuration files, for editors and forms. */
    public static String schema() {
        return Schema.text();
    }

    private static Path directory(Path main) {
        Path directory = main.toAbsolutePath().getParent();
        return directory == null ? Path.of("/") : directory;
    }

    private static Loaded finish(
            Sources sources, Path main, Path directory, boolean restoring, Problems problems) {
        Mapping document = sources.merged(main);
        Section root = new Section("", document.place(), document, Schema.root(), problems);
        Binder binder =
                new Binder(
                        directory,
                        new NamedFiles(directory, restoring, problems),
                        sources::rule,
                        new ResourceBinder(main, directory, sources, problems),
                        problems);
        Draft draft = binder.bind(root);
        sources.alsoRead(binder.tlsFiles());
        if (sources.complete()) {
            new ReferenceCheck(draft, problems).check();
            new AlertCheck(draft, problems).check();
        }
        new ThresholdCheck(draft, problems).check();
        new SenseCheck(draft, problems).check();
        new ListenerCheck(draft, main, problems).check();
        @Nullable WeirConfig config = problems.hasErrors() ? null : draft.config();
        return new Loaded(
                config,
                problems.sorted(),
                sources.files(),
                sources.directories(),
                new ConfigDocument(document));
    }

    private static String withPort(String node) {
        try {
            return Addresses.node(node, 80).toString();
        } catch (Malformed e) {
            // Left as it is: the check of the structure finds the same and says so.
            return node;
        }
    }

    private static Scalar text(Place place, String text) {
        return new Scalar(place, text, text, false);
    }

    private static Member member(Node value) {
        return new Member(value.place(), value);
    }
}
