package io.kvasir.engine.gguf;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fuzz target with seeds of its own, for builds without a fuzzer. */
class GgufFuzzTest {
  @Test
  void changedFilesAreReadOrRefused() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      byte[] input = new byte[1 + 3 * random.nextInt(1, 4)];
      random.nextBytes(input);
      for (int c = 2; c < input.length; c += 3) {
        input[c] = (byte) random.nextInt(3); // the sound file has some 600 bytes
      }
      input[0] |= 1;
      GgufFuzz.parse(input);
    }
  }
}
