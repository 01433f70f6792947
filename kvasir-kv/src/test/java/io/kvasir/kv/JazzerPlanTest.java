package io.kvasir.kv;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Sixty seconds of fuzzing in every full build. */
class JazzerPlanTest {
  @FuzzTest(maxDuration = "60s")
  void anyTextGivesAPlanOrASentence(byte[] input) {
    PlanFuzz.parse(input);
  }
}
