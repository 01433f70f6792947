package io.kvasir.kv.codec;

class F32Test extends CodecContract {
  @Override
  Codec codec() {
    return new F32();
  }

  @Override
  float limit() {
    return Float.MAX_VALUE;
  }

  @Override
  double bound(Side side, RawPage in, int r, int d) {
    return 0;
  }

  @Override
  int[] dims() {
    return new int[] {64, 80, 96, 128, 256};
  }
}
