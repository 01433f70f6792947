package io.kvasir.kv.codec;

/**
 * A codec whose rows stand as f16 where no form of its own takes them: in sliding-window layers,
 * which are bounded already, and in layers that it leaves alone.
 */
interface OverF16 extends Codec {
  @Override
  default KeyFormat keys(int dim) {
    return new F16().keys(dim);
  }

  @Override
  default ValueFormat values(int dim) {
    return new F16().values(dim);
  }
}
