package io.weir.control;

import tools.jackson.databind.node.ObjectNode;

import java.util.SortedMap;

/**
 * What a revision of a managed configuration says.
 *
 * @param document as it was written, secrets being references
 * @param files all that it is made of by path, those of the document included; in place of a secret
 *     one stands a line that names the secret
 */
public record RevisionContent(long number, ObjectNode document, SortedMap<String, byte[]> files) {}
