package io.kvasir.engine.gguf;

/**
 * Where a value lies in its file. The bytes in {@code [at, end)} were found to be there.
 *
 * @param type of the value; of an array, that of its elements
 * @param count elements of an array, 1 for a single value
 */
record Value(ValueType type, boolean array, long count, long at, long end) {
  @Override
  public String toString() {
    String article = type == ValueType.INT8 || type.name().startsWith("INT") ? "an " : "a ";
    return array ? "an array of " + count + " " + type + "s" : article + type;
  }
}
