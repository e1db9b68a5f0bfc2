package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * Another Weir, which is shown beside this one.
 *
 * @param label what people call it
 * @param address of its admin server, without a path
 * @param token of a user there who may look
 * @param caFile authorities that its certificate may be from, or that certificate itself (PEM);
 *     null for those of the platform
 */
public record InstanceConfig(String label, String address, Secret token, @Nullable Path caFile) {}
