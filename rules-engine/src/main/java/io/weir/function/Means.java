package io.weir.function;

import io.weir.xml.Xml;

/**
 * What functions act by, beside the exchange. Everything in it is safe for every thread.
 *
 * @param calls requests to other servers
 * @param data the store that all rules share
 * @param xml compiled queries and style sheets
 * @param schemas JSON Schemas
 * @param locations where addresses are
 * @param authenticators who is asked about users
 * @param counters what rules count
 * @param names who is asked about names and addresses
 */
public record Means(
        Calls calls,
        DataStore data,
        Xml xml,
        JsonSchemas schemas,
        Locations locations,
        Authenticators authenticators,
        Counters counters,
        Names names) {}
