/**
 * From an opened model file to logits: what the model is ({@link ModelConfig}), its weights packed
 * for computing ({@link Weights}), and the forward pass ({@link Transformer}).
 *
 * <p>Not here: the file format ({@code engine.gguf}), attention and what the cache keeps
 * (kvasir-kv), the arithmetic (kvasir-kernel), sampling ({@code engine.sample}), sequences ({@code
 * engine}).
 *
 * <p>Follow a token: {@link Transformer}, then {@link Block}, one layer; {@link OutputHead} turns
 * what the last one leaves into logits. A new architecture begins in {@link Architecture} and
 * {@link ConfigReader}. Symbols: H query heads, G KV heads, D head dim, V vocabulary, N tokens, T
 * rows of a tile.
 */
@NullMarked
package io.kvasir.engine.model;

import org.jspecify.annotations.NullMarked;
