package io.kvasir.engine.hub;

import java.nio.file.Path;

/**
 * A model in the store.
 *
 * @param name what {@link ModelStore#resolve} finds it by
 * @param path its first file
 * @param bytes of all its files
 * @param files how many there are; more than one for a split model
 */
public record StoredModel(String name, Path path, long bytes, int files) {}
