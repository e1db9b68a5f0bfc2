package io.weir.soap.table;

/** A named value: a parameter, a result, or a member of a structure. */
public record Part(String name, SoapType type) {}
