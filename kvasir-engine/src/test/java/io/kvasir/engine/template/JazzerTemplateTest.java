package io.kvasir.engine.template;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Sixty seconds of fuzzing in every full build. */
class JazzerTemplateTest {
  @FuzzTest(maxDuration = "60s")
  void anyTemplateGivesATextOrASentence(byte[] input) {
    TemplateFuzz.render(input);
  }
}
