package io.weir.control;

import tools.jackson.databind.node.ObjectNode;

import java.util.SortedMap;

/**
 * What a revision of a managed configuration says.
 *
 * @param document as it was written, secrets being references
 * @param files those beside the document by path; the secret ones hold a line that names the secret
 */
public record RevisionContent(long number, ObjectNode document, SortedMap<String, byte[]> files) {}
