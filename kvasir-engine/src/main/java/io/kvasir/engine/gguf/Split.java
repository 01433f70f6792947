package io.kvasir.engine.gguf;

/**
 * Which part of a model a file says it is.
 *
 * @param number from 0
 * @param count of parts; 1 is a whole model
 */
record Split(int number, int count) {
  private static final String NUMBER = "split.no";
  private static final int MOST = 999;

  static Split of(Metadata metadata) {
    int count = (int) metadata.integer("split.count", 0, MOST, 1);
    if (count > 1) {
      return new Split((int) metadata.integer(NUMBER, 0, count - 1), count);
    }
    // 0 is what gguf-split leaves behind when it merges
    return new Split((int) metadata.integer(NUMBER, 0, 0, 0), 1);
  }
}
