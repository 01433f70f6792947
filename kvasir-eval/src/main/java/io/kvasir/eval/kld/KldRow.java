package io.kvasir.eval.kld;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The probabilities of all tokens in 16 bits each, as {@link KldShape} draws them: equal steps of
 * ln p, from the most probable token down to 16 nats below it or to the least probable one. What is
 * less probable than that counts as if it stood at the end.
 *
 * <p>In f32 where llama.cpp is, so that both write the same codes. Filled again and again.
 */
final class KldRow {
  private static final float RANGE = 16; // nats
  private static final float STEPS = 65_535;

  private final short[] codes; // unsigned
  private float scale;
  private float least;

  /**
   * @param vocabulary V
   */
  KldRow(int vocabulary) {
    codes = new short[vocabulary];
  }

  int vocabulary() {
    return codes.length;
  }

  /** ln p of a token. */
  float logP(int id) {
    return scale * Short.toUnsignedInt(codes[id]) + least;
  }

  /** The most probable token; of equal ones the lowest id. */
  int argmax() {
    int best = 0;
    for (int id = 1; id < codes.length; id++) {
      if (logP(id) > logP(best)) {
        best = id;
      }
    }
    return best;
  }

  /**
   * Codes what logits say.
   *
   * @param logits [V]
   */
  void encode(float[] logits) {
    float max = logits[0];
    float min = logits[0];
    for (float logit : logits) {
      max = Math.max(max, logit);
      min = Math.min(min, logit);
    }
    min = Math.max(min, max - RANGE);
    double sum = 0;
    for (float logit : logits) {
      sum += (float) Math.exp(logit - max);
    }
    least = min - max - (float) Math.log(sum);
    scale = (max - min) / STEPS;
    float inverse = 1 / scale;
    for (int id = 0; id < codes.length; id++) {
      codes[id] = logits[id] > min ? (short) Math.rint(inverse * (logits[id] - min)) : 0;
    }
  }

  /** Takes a row's bytes, {@link KldShape#rowBytes} of them. */
  void read(ByteBuffer bytes) {
    ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
    scale = in.getFloat();
    least = in.getFloat();
    in.asShortBuffer().get(codes);
  }

  /** Puts them; bytes behind an odd vocabulary stay as they are. */
  void write(ByteBuffer bytes) {
    ByteBuffer out = bytes.order(ByteOrder.LITTLE_ENDIAN);
    out.putFloat(scale).putFloat(least);
    out.asShortBuffer().put(codes);
  }

  /** Whether these can be logarithms of probabilities. */
  boolean isSound() {
    return scale >= 0 && least <= 0 && Float.isFinite(scale) && Float.isFinite(least);
  }
}
