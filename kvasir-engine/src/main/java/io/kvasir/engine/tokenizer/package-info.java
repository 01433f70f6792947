/**
 * Text to token ids and back, from nothing but the vocabulary in a GGUF file.
 *
 * <p>Start with {@link io.kvasir.engine.tokenizer.Tokenizer}. Encoding passes three rooms: {@code
 * SpecialTokens} cuts out whole tokens, {@code ByteLevel} (GPT-2, SmolLM, Qwen, Llama 3; its words
 * come from {@code PreTokenizer}) or {@code SentencePiece} (Llama 2, Gemma) encodes the text
 * between, and both leave the joining of pairs to {@code PairMerger}. All of it works on UTF-8
 * bytes.
 *
 * <p>The ids are llama.cpp's, for every string. Where engines disagree: no Unicode normalisation
 * (Qwen's maker applies NFC, a GGUF does not say so); two literal U+2581 stay two tokens where the
 * vocabulary holds the run as spaces; general categories are those of Unicode 15.1.
 *
 * <p>Not here: chat templates, which only produce text.
 */
@NullMarked
package io.kvasir.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
