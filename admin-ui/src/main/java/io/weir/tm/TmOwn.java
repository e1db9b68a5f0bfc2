package io.weir.tm;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Keys of a type that have code of their own. Safe for every thread. */
interface TmOwn {

    /**
     * The value of such a key for clients.
     *
     * @param object in force, with every default
     */
    JsonNode read(TmKey key, String name, ObjectNode object);

    /**
     * Takes up other values.
     *
     * @param values by key, of those that the request has and that differ
     * @throws TmProblem when one of them is not allowed
     */
    void write(TmDraft draft, Map<TmKey, JsonNode> values) throws TmProblem;
}
