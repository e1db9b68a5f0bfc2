package io.weir.control;

import io.weir.config.load.ConfigDocument;

import java.util.List;

/** What is to be known about a {@link Change} before it is made: pure functions. */
final class Changes {

    private static final int MAX_EDITS = 10_000;
    private static final int MAX_COMMENT = 2000;

    private Changes() {}

    /** The bounds of a change. */
    static void validate(Change change) throws RefusedException {
        if (change.edits().size() > MAX_EDITS) {
            throw invalid("list of edits", change.edits().size() + " long", "at most " + MAX_EDITS);
        }
        if (change.comment().length() > MAX_COMMENT) {
            throw invalid(
                    "comment",
                    change.comment().length() + " characters long",
                    "at most " + MAX_COMMENT);
        }
    }

    /** What edits are about: {@code pools/web}. */
    static List<String> objects(List<Edit> edits) {
        return edits.stream()
                .map(
                        edit ->
                                switch (edit) {
                                    case Edit.Put put -> object(put.path());
                                    case Edit.Remove remove -> object(remove.path());
                                    case Edit.Rename rename ->
                                            rename.section() + "/" + rename.from();
                                    case Edit.PutFile file -> file.path();
                                    case Edit.RenameFile file -> file.from();
                                    case Edit.RemoveFile file -> file.path();
                                })
                .distinct()
                .toList();
    }

    private static String object(List<String> path) {
        return path.isEmpty()
                ? "everything"
                : String.join("/", path.subList(0, Math.min(2, path.size())));
    }

    /** Why files that own the configuration cannot be changed from here, and where to do it. */
    static ControlProblem ownedByFiles(Change change, ControlState state, String source) {
        ConfigDocument document = state.document();
        String where = source;
        if (document != null && !change.edits().isEmpty()) {
            where =
                    switch (change.edits().getFirst()) {
                        case Edit.Put put -> document.where(put.path());
                        case Edit.Remove remove -> document.where(remove.path());
                        case Edit.Rename rename ->
                                document.where(List.of(rename.section(), rename.from()));
                        case Edit.PutFile _, Edit.RenameFile _, Edit.RemoveFile _ ->
                                document.where(List.of());
                    };
        }
        return new ControlProblem.Conflict(
                "the configuration is owned by files; change it at " + where);
    }

    private static RefusedException invalid(String thing, String found, String expected) {
        return new RefusedException(new ControlProblem.Invalid(thing, found, expected));
    }
}
