package io.weir.control;

import tools.jackson.databind.JsonNode;

import java.util.Arrays;
import java.util.List;

/**
 * One step of a {@link Change} of the desired configuration. A path names keys from the top of the
 * document: {@code ["pools", "web", "nodes"]}; it cannot go into lists.
 */
public sealed interface Edit {

    /** The directory whose files can be run, by monitors and actions. */
    String PROGRAMS = "programs/";

    /**
     * Puts a value at a place, whatever stands there; mappings on the way are made. The empty path
     * is the whole document. A secret may be given as it is: it is kept apart, and a reference to
     * it is put; {@code ***} leaves the secret that is there.
     */
    record Put(List<String> path, JsonNode value) implements Edit {
        public Put {
            path = List.copyOf(path);
        }
    }

    /** Takes away what is there; refused with NotFound when nothing is. */
    record Remove(List<String> path) implements Edit {
        public Remove {
            path = List.copyOf(path);
        }
    }

    /**
     * Renames an object and every reference to it, decisions of the overlay included; names in the
     * text of rules stay.
     */
    record Rename(String section, String from, String to) implements Edit {}

    /**
     * Puts a file beside the document, for values that name files: {@code rules/shop.js}, {@code
     * certificates/shop.pem}. A file that holds a private key is kept apart as secrets are.
     *
     * @param path relative, with slashes, at least one directory
     * @param content not changed after this
     */
    record PutFile(String path, byte[] content) implements Edit {
        @Override
        public boolean equals(Object other) {
            return other instanceof PutFile(String otherPath, byte[] otherContent)
                    && path.equals(otherPath)
                    && Arrays.equals(content, otherContent);
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }

        /** The content may be a key, so only its length is told. */
        @Override
        public String toString() {
            return "PutFile[" + path + ", " + content.length + " bytes]";
        }
    }

    /**
     * Gives a file another path, and every value that names it too; a private key moves without
     * being shown. Refused with NotFound when there is none, with Conflict when there is one at the
     * new path.
     */
    record RenameFile(String from, String to) implements Edit {}

    /** Takes a file away; refused with NotFound when there is none. */
    record RemoveFile(String path) implements Edit {}
}
