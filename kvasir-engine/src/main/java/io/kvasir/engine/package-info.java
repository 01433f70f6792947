/**
 * The engine's face: open a model, read text into sequences, let it continue. A newcomer's map:
 *
 * <pre>
 *   ModelFile.open(path)      facts, tokenizer, template; nothing loaded        (gguf, tokenizer, template)
 *       .load(options)        weights, threads, the memory of all caches        (model; kernel below it)
 *   Model.sequence(plan)      one text and its key-value cache                  (kvasir-kv)
 *       .read(ids)            exact prefill, then the plan keeps what it keeps
 *       .step(id)             one decoded token; logits, [V]
 *       .score(ids, n)        how probable a text was
 *   Generator.generate(..)    samples, decodes, stops                           (sample)
 *   chat.Conversation         messages instead of tokens, turn by turn          (chat)
 *   chat.SharedReading        one document, many questions
 * </pre>
 *
 * <p>Where things are: {@code gguf} reads files, {@code hub} brings them here, {@code fit} tells
 * whether they fit in memory, {@code tokenizer} and {@code template} turn text into tokens, {@code
 * model} computes, {@code sample} chooses, {@code chat} converses, {@code perplexity} measures.
 * This package ties them together; all it computes itself is what logits say ({@code LogProbs}).
 *
 * <p>What must be closed: {@link io.kvasir.engine.ModelFile}, {@link io.kvasir.engine.Model},
 * {@link io.kvasir.engine.Sequence}, and what holds a sequence ({@code Conversation}, {@code
 * SharedReading}); sequences before their model. What is thread-safe: models and files; a sequence
 * belongs to one thread at a time.
 *
 * <p>Errors are unchecked, one sentence each: {@link io.kvasir.engine.ModelFormatException} (the
 * file), {@link io.kvasir.kv.KvPlanException} (the plan), {@link io.kvasir.engine.ContextException}
 * (too long), {@link io.kvasir.engine.fit.DoesNotFitException} (too large for the memory there is),
 * {@link io.kvasir.engine.hub.HubException} (no such model, or no way to it), {@link
 * io.kvasir.engine.template.TemplateException} (the messages), {@link IllegalArgumentException}
 * (any other value), {@link java.util.concurrent.CancellationException} (cancelled while reading).
 *
 * <p>Read first: {@link io.kvasir.engine.Model}, then {@link io.kvasir.engine.Sequence}. The
 * shortest whole program is {@code ReadmeExample} beside the tests.
 */
@NullMarked
package io.kvasir.engine;

import org.jspecify.annotations.NullMarked;
