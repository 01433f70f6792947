package io.kvasir.engine.tokenizer;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Sixty seconds of fuzzing in every full build. */
class JazzerTokenizerTest {
  @FuzzTest(maxDuration = "60s")
  void anyTextComesBack(byte[] input) {
    TokenizerFuzz.encode(input);
  }
}
