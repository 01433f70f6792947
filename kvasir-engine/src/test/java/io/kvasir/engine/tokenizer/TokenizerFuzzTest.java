package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenizerFuzzTest {
  private static final List<String> PARTS =
      List.of(
          "<s>",
          "</s>",
          "<tool>",
          "<to",
          "ol>",
          "<|im_end|>",
          "\n\n",
          "ab",
          " ",
          "é",
          "▁",
          "🙂",
          "11");

  @Test
  void anyTextComesBack() {
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      ByteArrayOutputStream input = new ByteArrayOutputStream();
      input.write(random.nextInt());
      for (int n = random.nextInt(10); n > 0; n--) {
        if (random.nextInt(3) == 0) {
          input.write(random.nextInt());
        } else {
          input.writeBytes(
              PARTS.get(random.nextInt(PARTS.size())).getBytes(StandardCharsets.UTF_8));
        }
      }
      assertThatCode(() -> TokenizerFuzz.encode(input.toByteArray()))
          .as("round %d", i)
          .doesNotThrowAnyException();
    }
  }
}
