package io.kvasir.kernel;

/**
 * The weight formats of a GGUF file that Kvasir computes with. Names, ids and block shapes are
 * ggml's ({@code ggml.h}, {@code ggml-common.h}); a tensor row is a whole number of blocks.
 */
public enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  IQ4_NL(20, 32, 18),
  BF16(30, 1, 2);

  private final int ggmlId;
  private final int blockElements;
  private final int blockBytes;

  TensorType(int ggmlId, int blockElements, int blockBytes) {
    this.ggmlId = ggmlId;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** The number that stands for this type in a file. */
  public int ggmlId() {
    return ggmlId;
  }

  /** Consecutive elements of a row that share one block. */
  public int blockElements() {
    return blockElements;
  }

  /** Bytes of one block in the file. */
  public int blockBytes() {
    return blockBytes;
  }
}
