package io.kvasir.kv;

/**
 * A KV head of a model.
 *
 * @param index its number in the layer
 */
public record KvHead(KvLayer layer, int index) {}
