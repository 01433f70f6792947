package io.kvasir.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/**
 * Keeps control tokens that a chat template writes apart from ones that a user wrote. Before
 * rendering, {@link #hide} replaces the first character of every control token in a user's text by
 * a stand-in, a private character that no such text contains: the text keeps its length and its
 * looks for the template. {@link #encode} finds the control tokens of the rendered text, to which
 * the hidden ones no longer belong, and brings the characters back before the text between them is
 * encoded. What a template cuts, trims or repeats stays hidden.
 *
 * <p>For one conversation and one thread.
 */
public final class TextGuard {
  private static final int FIRST_PRIVATE = 0xe000;
  private static final int PRIVATE = 0xf900 - FIRST_PRIVATE;

  private final Tokenizer tokenizer;
  private final SpecialTokens special;
  private final PrimitiveIterator.OfInt free;
  private final Map<Integer, Integer> standIns = new HashMap<>();
  private final Map<Integer, Integer> originals = new HashMap<>();

  /**
   * @param texts everything that users wrote
   */
  TextGuard(Tokenizer tokenizer, SpecialTokens special, Collection<String> texts) {
    this.tokenizer = tokenizer;
    this.special = special;
    BitSet used = new BitSet();
    texts.forEach(text -> text.codePoints().forEach(used::set));
    free =
        IntStream.range(FIRST_PRIVATE, FIRST_PRIVATE + PRIVATE)
            .filter(c -> !used.get(c))
            .iterator();
  }

  /**
   * A user's text with its control tokens hidden; mostly the text itself. An unfinished one at the
   * end is hidden too: the template might go on with the rest.
   *
   * @throws IllegalArgumentException the texts use up all private characters
   */
  public String hide(String text) {
    byte[] utf8 = Utf8.bytes(text);
    BitSet starts = special.controlStarts(utf8);
    if (starts.isEmpty()) {
      return text;
    }
    StringBuilder hidden = new StringBuilder(text.length());
    for (int at = 0; at < utf8.length; at += Utf8.length(utf8[at])) {
      int c = Utf8.codePoint(utf8, at);
      hidden.appendCodePoint(starts.get(at) ? standIns.computeIfAbsent(c, this::standIn) : c);
    }
    return hidden.toString();
  }

  private int standIn(int c) {
    if (!free.hasNext()) {
      throw new IllegalArgumentException(
          "the messages use all %d private characters of Unicode; expected one to be left"
              .formatted(PRIVATE));
    }
    int standIn = free.nextInt();
    originals.put(standIn, c);
    return standIn;
  }

  /** The tokens of a rendered text, without BOS and EOS. */
  public int[] encode(String rendered) {
    IntList ids = new IntList();
    StringBuilder plain = new StringBuilder();
    byte[] utf8 = Utf8.bytes(rendered);
    special.split(
        utf8,
        true,
        new SpecialTokens.Parts() {
          @Override
          public void text(int from, int to) {
            plain.append(new String(utf8, from, to - from, StandardCharsets.UTF_8));
          }

          @Override
          public void token(int id) {
            if (tokenizer.isControl(id)) {
              flush(plain, ids);
              ids.add(id);
            } else { // found again in the text that the user wrote
              plain.append(new String(tokenizer.bytes(id), StandardCharsets.UTF_8));
            }
          }
        });
    flush(plain, ids);
    return ids.toArray();
  }

  private void flush(StringBuilder plain, IntList ids) {
    for (int id : tokenizer.encode(shown(plain), false)) {
      ids.add(id);
    }
    plain.setLength(0);
  }

  private String shown(CharSequence hidden) {
    StringBuilder shown = new StringBuilder(hidden.length());
    hidden.codePoints().forEach(c -> shown.appendCodePoint(originals.getOrDefault(c, c)));
    return shown.toString();
  }
}
