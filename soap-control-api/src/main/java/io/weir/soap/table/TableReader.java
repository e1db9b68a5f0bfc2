package io.weir.soap.table;

import io.weir.soap.table.Operation.Verb;
import io.weir.soap.table.SoapType.Scalar;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the table of an interface. It has one line for each thing:
 *
 * <pre>
 * interface Pool 1.0                     name and version; the first line
 * catalog pools pool                     section of the configuration, and what one object is called
 * struct ~Pair left:string right:int     a structure; ~ stands for the interface's name and a dot
 * struct ~More : ~Pair extra:string      one that extends another
 * enum ~Colour red green                 words, in an order that clients rely on
 * accessors names DNE DNE+II+DE          part that names objects (- for none), faults of get and set
 * call NAME part:type -> part:type ! FAULTS
 * property NAME type add remove!FAULTS in=part out=part key=part get!FAULTS set!FAULTS
 * </pre>
 *
 * <p>A property makes two operations, getNAME and setNAME, and with {@code add} and {@code remove}
 * up to four. {@code @location} gives each operation a twin NAMEByLocation. What stands behind it
 * comes last: {@code = KIND WORDS}, {@code ~ REASON} for a capability that Weir lacks, or nothing
 * for an operation that has code of its own. Lines that begin with # are for readers.
 */
final class TableReader {

    private final String file;
    private final Map<String, String[]> structs = new LinkedHashMap<>();
    private final Map<String, SoapType> types = new LinkedHashMap<>();
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    private String name = "";
    private String version = "";
    private String section = "";
    private String noun = "";
    private String key = "";
    private Set<FaultKind> getFaults = Set.of();
    private Set<FaultKind> setFaults = Set.of();

    private TableReader(String file) {
        this.file = file;
    }

    /**
     * Reads one table.
     *
     * @throws IllegalArgumentException for a line that is not as described
     */
    static Api read(String file, String text) {
        return new TableReader(file).api(text.lines().toList());
    }

    private Api api(List<String> lines) {
        // Structures may name others that come later, so their names are needed first.
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "interface" -> {
                    name = words[1];
                    version = words[2];
                }
                case "struct" -> structs.put(full(words[1]), words);
                case "enum" -> {
                    String choice = full(words[1]);
                    types.put(
                            choice,
                            new SoapType.Choice(choice, List.of(words).subList(2, words.length)));
                }
                default -> {}
            }
        }
        structs.keySet().forEach(this::named);
        for (String line : lines) {
            try {
                entry(line);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        "table " + file + ": " + line + ": " + e.getMessage(), e);
            }
        }
        return new Api(name, version, section, noun, types, operations);
    }

    private void entry(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "interface", "struct", "enum", "#" -> {}
            case "catalog" -> {
                section = words[1];
                noun = String.join(" ", List.of(words).subList(2, words.length));
            }
            case "accessors" -> {
                key = words[1].equals("-") ? "" : words[1];
                getFaults = faults(words[2]);
                setFaults = faults(words[3]);
            }
            case "call" -> call(new Line(words));
            case "property" -> property(new Line(words));
            default -> throw new IllegalArgumentException("no such kind of line");
        }
    }

    private void call(Line line) {
        List<Part> parts = new ArrayList<>();
        Part result = null;
        Set<FaultKind> faults = Set.of();
        for (int i = 0; i < line.plain.size(); i++) {
            switch (line.plain.get(i)) {
                case "->" -> result = part(line.plain.get(++i));
                case "!" -> faults = faults(line.plain.get(++i));
                default -> parts.add(part(line.plain.get(i)));
            }
        }
        add(line, line.name, Verb.CALL, line.name, parts, result, faults);
    }

    private void property(Line line) {
        SoapType type = type(line.plain.getFirst());
        String in = key.isEmpty() ? "value" : "values";
        String out = in;
        String object = key;
        Set<FaultKind> get = getFaults;
        Set<FaultKind> set = setFaults;
        Set<FaultKind> add = null;
        Set<FaultKind> remove = null;
        for (String word : line.plain.subList(1, line.plain.size())) {
            String value = word.substring(word.indexOf('=') + 1);
            String after = word.substring(word.indexOf('!') + 1);
            switch (word.split("[=!]", -1)[0]) {
                case "in" -> in = value;
                case "out" -> out = value;
                case "key" -> object = value;
                case "get" -> get = faults(after);
                case "set" -> set = faults(after);
                case "add" -> add = word.equals("add") ? Set.of() : faults(after);
                case "remove" -> remove = word.equals("remove") ? Set.of() : faults(after);
                default -> throw new IllegalArgumentException("no such option: " + word);
            }
        }
        List<Part> objects =
                object.isEmpty()
                        ? List.of()
                        : List.of(new Part(object, new SoapType.ListOf(Scalar.STRING)));
        List<Part> both = new ArrayList<>(objects);
        both.add(new Part(in, type));
        String p = line.name;
        add(line, "get" + p, Verb.GET, p, objects, new Part(out, type), get);
        add(line, "set" + p, Verb.SET, p, both, null, set);
        if (add != null) {
            add(line, "add" + p, Verb.ADD, p, both, null, add.isEmpty() ? set : add);
        }
        if (remove != null) {
            add(line, "remove" + p, Verb.REMOVE, p, both, null, remove.isEmpty() ? set : remove);
        }
    }

    private void add(
            Line line,
            String operation,
            Verb verb,
            String subject,
            List<Part> parts,
            @Nullable Part result,
            Set<FaultKind> faults) {
        put(new Operation(operation, verb, subject, parts, result, faults, false, line.backing));
        if (line.located) {
            List<Part> located = new ArrayList<>();
            located.add(new Part("location", Scalar.STRING));
            located.addAll(parts);
            String twin = operation + "ByLocation";
            put(new Operation(twin, verb, subject, located, result, faults, true, line.backing));
        }
    }

    private void put(Operation operation) {
        if (operations.put(operation.name(), operation) != null) {
            throw new IllegalArgumentException(operation.name() + " is there twice");
        }
    }

    private Part part(String written) {
        int colon = written.indexOf(':');
        return new Part(written.substring(0, colon), type(written.substring(colon + 1)));
    }

    private SoapType type(String written) {
        if (written.endsWith("[]")) {
            return new SoapType.ListOf(type(written.substring(0, written.length() - 2)));
        }
        Scalar scalar = Scalar.named(written);
        return scalar == null ? named(full(written)) : scalar;
    }

    private SoapType named(String type) {
        SoapType known = types.get(type);
        if (known != null) {
            return known;
        }
        String[] words = structs.get(type);
        if (words == null) {
            throw new IllegalArgumentException("no type is called " + type);
        }
        List<Part> members = new ArrayList<>();
        String base = null;
        for (int i = 2; i < words.length; i++) {
            if (words[i].equals(":")) {
                base = full(words[++i]);
            } else {
                members.add(part(words[i]));
            }
        }
        SoapType.Struct struct = new SoapType.Struct(type, base, members);
        types.put(type, struct);
        return struct;
    }

    private String full(String type) {
        return type.startsWith("~") ? name + "." + type.substring(1) : type;
    }

    private static Set<FaultKind> faults(String written) {
        Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
        if (!written.equals("-")) {
            for (String fault : written.split("\\+", -1)) {
                faults.add(FaultKind.of(fault));
            }
        }
        return faults;
    }

    /** The words of a line, sorted out. */
    private static final class Line {

        final String name;
        final List<String> plain = new ArrayList<>();
        final boolean located;
        final Backing backing;

        Line(String[] words) {
            name = words[1];
            boolean twin = false;
            Backing behind = new Backing.Code();
            for (int i = 2; i < words.length; i++) {
                List<String> rest = List.of(words).subList(i + 1, words.length);
                if (words[i].equals("=")) {
                    behind = new Backing.Mapped(rest.getFirst(), rest.subList(1, rest.size()));
                    break;
                }
                if (words[i].equals("~")) {
                    behind = new Backing.Lacking(String.join(" ", rest));
                    break;
                }
                if (words[i].equals("@location")) {
                    twin = true;
                } else {
                    plain.add(words[i]);
                }
            }
            located = twin;
            backing = behind;
        }
    }
}
