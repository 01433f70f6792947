package io.kvasir.eval.kld;

import io.kvasir.eval.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a {@code .kld} file of llama.cpp holds, and where; all arithmetic on numbers of such a file.
 * Little-endian; C chunks of T tokens, a vocabulary of V:
 *
 * <pre>
 *   offset      bytes   field
 *   0           8       "_logits_"
 *   8           4       T            u32
 *   12          4       V            i32
 *   16          4       C            i32
 *   20          4*C*T   token[c][t]  i32; the text's: no BOS has taken a first one's place
 *   20 + 4*C*T  C*R*B   row[c][r]    what follows token T/2 + r of chunk c; R = T - 1 - T/2
 *
 *   row, B = 8 + 2*V bytes, two more where V is odd:
 *   0           4       scale        f32
 *   4           4       least        f32
 *   8           2*V     code[v]      u16; ln p[v] = scale * code[v] + least
 * </pre>
 *
 * <p>Example: T=4, V=3, C=1 has one row; 20 + 16 + 16 = 52 bytes.
 *
 * <p>Source: ggml-org/llama.cpp, tools/perplexity/perplexity.cpp, {@code perplexity} and {@code
 * kl_divergence}.
 *
 * @param tokens T of a chunk, at least 4
 * @param vocabulary V, at least 1
 * @param chunks C, at least 1
 */
record KldShape(int tokens, int vocabulary, int chunks) {
  static final int HEADER_BYTES = 20;
  private static final byte[] MAGIC = "_logits_".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST = 1 << 24;

  /**
   * Reads the first {@value #HEADER_BYTES} bytes of a file.
   *
   * @param size of the whole file, bytes
   * @throws InputException it is no such file, or not as long as it says
   */
  static KldShape read(Path file, ByteBuffer header, long size) {
    ByteBuffer in = header.order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new InputException(
          file + " does not begin with \"_logits_\"; expected a .kld file of llama.cpp");
    }
    KldShape shape =
        new KldShape(
            positive(file, "tokens of a chunk", 4, in.getInt()),
            positive(file, "tokens of the vocabulary", 1, in.getInt()),
            positive(file, "chunks", 1, in.getInt()));
    if (size != shape.fileBytes()) {
      throw new InputException(
          "%s has %d bytes, %d chunks of %d tokens with a vocabulary of %d take %d: truncated?"
              .formatted(
                  file, size, shape.chunks, shape.tokens, shape.vocabulary, shape.fileBytes()));
    }
    return shape;
  }

  private static int positive(Path file, String what, int least, int value) {
    if (value < least || value > MOST) {
      throw new InputException(
          "%s says %d %s; expected %d to %d".formatted(file, value, what, least, MOST));
    }
    return value;
  }

  /** The first bytes of a file of this shape. */
  ByteBuffer header() {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putInt(tokens)
        .putInt(vocabulary)
        .putInt(chunks)
        .flip();
  }

  /** R: scored tokens of a chunk. */
  int rows() {
    return tokens - 1 - tokens / 2;
  }

  /** B: bytes of one row. */
  int rowBytes() {
    return 2 * (2 * ((vocabulary + 1) / 2) + 4);
  }

  /** Bytes of all tokens. */
  long tokenBytes() {
    return 4L * chunks * tokens; // at most 2^50
  }

  long fileBytes() {
    long rows = Math.multiplyExact((long) chunks, rows());
    return Math.addExact(HEADER_BYTES + tokenBytes(), saturated(rows, rowBytes()));
  }

  /** Numbers of a damaged header may ask for more than 2^63 bytes, which no file has. */
  private static long saturated(long rows, long bytes) {
    return rows > Long.MAX_VALUE / 2 / bytes ? Long.MAX_VALUE / 2 : rows * bytes;
  }
}
