package io.kvasir.engine;

import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import java.nio.file.Path;
import java.util.List;

/** The program that README shows; {@link ReadmeExampleTest} runs it. */
final class ReadmeExample {
  private ReadmeExample() {}

  static void answer(Path file, String text) {
    try (Model model = Model.load(file, ModelOptions.DEFAULT);
        Sequence sequence = model.sequence(KvPlan.parse("q8"))) {
      int[] ids = ChatFormat.of(model).encode(List.of(ChatMessage.user(text)), true);
      float[] logits = sequence.read(ids, PassListener.NONE);
      Generator.generate(
          sequence, logits, GenerationOptions.DEFAULT, (id, piece) -> System.out.print(piece));
    }
  }
}
