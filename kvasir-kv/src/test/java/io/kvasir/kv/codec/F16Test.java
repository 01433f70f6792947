package io.kvasir.kv.codec;

class F16Test extends CodecContract {
  @Override
  Codec codec() {
    return new F16();
  }

  @Override
  float limit() {
    return 65504;
  }

  /** Half a step of 11 bits, plus half a step of subnormal numbers. */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    return Math.abs(in.at(r, d)) / 2048 + 3e-8;
  }

  @Override
  int[] dims() {
    return new int[] {64, 80, 96, 128, 256};
  }
}
