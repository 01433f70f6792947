package io.kvasir.engine.template;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A short walk with fixed seeds; the long one is the fuzzer's. */
class TemplateFuzzTest {
  @Test
  void anyBytesAreRenderedOrRefused() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] data = new byte[1 + random.nextInt(40)];
      random.nextBytes(data);
      assertThatCode(() -> TemplateFuzz.render(data))
          .as("seed %d: %s", seed, TemplateFuzz.composed(data))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void everyPairOfOperandAndOperationIsRenderedOrRefused() {
    byte[] data = new byte[5];
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        data[0] = 1; // "{{", a fragment, another one, "}}"
        data[1] = 0;
        data[2] = (byte) first;
        data[3] = (byte) second;
        data[4] = 1;
        String template = TemplateFuzz.composed(new byte[] {0, data[2], data[3], 1});
        assertThatCode(() -> TemplateFuzz.render(data.clone()))
            .as(template)
            .doesNotThrowAnyException();
      }
    }
  }
}
