package io.kvasir.kv;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a prompt enters empty caches. Written {@code exact}, {@code chunked:512} or {@code coded}, in
 * requests and in every result.
 *
 * <ul>
 *   <li>{@link Exact}: every row of the prompt attends to exact pairs, then each layer is cut and
 *       coded. One pass serves caches of several plans. Driven by {@link Prefill}.
 *   <li>{@link Chunked}: rows attend to what the plan has stored so far, and the plan compresses
 *       after every n tokens, {@code keep} being counted from the tokens seen until then.
 *   <li>{@link Coded}: rows attend to pairs as the codec stores them, and the plan compresses once,
 *       at the end: one chunk as long as the prompt.
 * </ul>
 *
 * <p>Chunked and coded prompts pass as decoding does, several rows at once: for each cache
 *
 * <pre>
 *   for (int read = 0; read &lt; prompt; ) {
 *     int rows = mode.tokensAtOnce(prompt - read);
 *     // pass the rows, split where cache.rowsAtOnce says so; each part ends with cache.endStep
 *     cache.endChunk(workers);
 *     read += rows;
 *   }
 *   cache.endPrompt(workers);
 * </pre>
 */
public sealed interface PrefillMode {
  /** The default. */
  PrefillMode EXACT = new Exact();

  PrefillMode CODED = new Coded();

  /** The whole prompt passes layer by layer. */
  record Exact() implements PrefillMode {
    @Override
    public String toString() {
      return "exact";
    }
  }

  /**
   * Chunks outermost.
   *
   * @param tokens n, at least 1; a last chunk may be shorter
   */
  record Chunked(int tokens) implements PrefillMode {
    public Chunked {
      if (tokens < 1) {
        throw refusedChunk(Integer.toString(tokens));
      }
    }

    @Override
    public int tokensAtOnce(int left) {
      return Math.min(tokens, left);
    }

    @Override
    public String toString() {
      return "chunked:" + tokens;
    }
  }

  /** The whole prompt as one chunk. */
  record Coded() implements PrefillMode {
    @Override
    public String toString() {
      return "coded";
    }
  }

  /**
   * @throws IllegalArgumentException one sentence: the text and what was expected
   */
  static PrefillMode parse(String text) {
    Matcher chunked = Pattern.compile("chunked:(.*)", Pattern.DOTALL).matcher(text);
    if (chunked.matches()) {
      try {
        return new Chunked(Integer.parseInt(chunked.group(1)));
      } catch (NumberFormatException e) {
        throw refusedChunk(chunked.group(1));
      }
    }
    return switch (text) {
      case "exact" -> EXACT;
      case "coded" -> CODED;
      default ->
          throw new IllegalArgumentException(
              "prefill mode %s is unknown; expected exact, coded or chunked:n, for example chunked:512"
                  .formatted(Quote.of(text)));
    };
  }

  /** Tokens of a prompt with {@code left} to come that pass before the plan compresses. */
  default int tokensAtOnce(int left) {
    return left;
  }

  private static IllegalArgumentException refusedChunk(String tokens) {
    return new IllegalArgumentException(
        "prefill mode chunked:%s: expected a whole number of tokens from 1 to %d"
            .formatted(Quote.bare(tokens), Integer.MAX_VALUE));
  }
}
