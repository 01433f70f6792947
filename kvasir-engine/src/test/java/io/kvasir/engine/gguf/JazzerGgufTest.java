package io.kvasir.engine.gguf;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Sixty seconds of fuzzing in every full build. */
class JazzerGgufTest {
  @FuzzTest(maxDuration = "60s")
  void anyFileIsReadOrRefused(byte[] input) {
    GgufFuzz.parse(input);
  }
}
