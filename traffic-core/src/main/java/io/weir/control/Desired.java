package io.weir.control;

import tools.jackson.databind.node.ObjectNode;

/**
 * The desired configuration that is in force.
 *
 * @param revision to be given as the base of a change
 * @param hash of what it was made of, files beside it included
 * @param document as it was written: defaults left out, references such as <code>${file:name}
 *     </code> kept, secrets masked; the caller's own
 */
public record Desired(long revision, String hash, Ownership ownership, ObjectNode document) {}
