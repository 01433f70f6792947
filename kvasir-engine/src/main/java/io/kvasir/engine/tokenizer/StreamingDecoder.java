package io.kvasir.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text from tokens as they arrive, never half a character: the bytes of an unfinished one wait for
 * the next token. All that it returns, joined, is what the bytes of all tokens decode to at once.
 * For one thread.
 */
public final class StreamingDecoder {
  private static final int LONGEST_UNFINISHED = 3; // bytes of a character of four

  private final Tokenizer tokenizer;
  private final boolean withControl;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] waiting = {};

  StreamingDecoder(Tokenizer tokenizer, boolean withControl) {
    this.tokenizer = tokenizer;
    this.withControl = withControl;
  }

  /**
   * The text that this token completes, often one word, sometimes none.
   *
   * @throws IndexOutOfBoundsException no such token
   */
  public String append(int id) {
    return !withControl && tokenizer.isControl(id) ? "" : decode(tokenizer.bytes(id), false);
  }

  /** What is left at the end: nothing, or U+FFFD for a character that was never finished. */
  public String finish() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean last) {
    ByteBuffer in =
        ByteBuffer.allocate(waiting.length + bytes.length).put(waiting).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_UNFINISHED);
    utf8.reset().decode(in, out, last);
    waiting = new byte[in.remaining()];
    in.get(waiting);
    return out.flip().toString();
  }
}
