package io.kvasir.cli.demo;

import io.kvasir.engine.Model;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.chat.ChatMessage;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The document and its questions as a model's tokens. Document and question make one user message,
 * cut in two where questions begin to matter: no plan knows any question when it compresses.
 *
 * @param document what all prompts begin with, [N]
 * @param questions what follows it, one for each fact
 */
record DemoPrompt(int[] document, List<int[]> questions) {
  static DemoPrompt of(Model model, DemoDocument document) {
    ChatFormat format = ChatFormat.of(model);
    // The message without a question ends where the document ends: nothing of what all questions
    // have in common is read before the cut.
    int[] shared = encode(format, document.text());
    List<int[]> prompts = new ArrayList<>();
    int common = shared.length;
    for (Fact fact : document.facts()) {
      int[] prompt = encode(format, document.text() + "\n\n" + fact.question());
      int mismatch = Arrays.mismatch(shared, prompt);
      common = mismatch < 0 ? common : Math.min(common, mismatch);
      prompts.add(prompt);
    }
    int read = common;
    return new DemoPrompt(
        Arrays.copyOf(shared, read),
        prompts.stream().map(ids -> Arrays.copyOfRange(ids, read, ids.length)).toList());
  }

  private static int[] encode(ChatFormat format, String message) {
    return format.encode(List.of(ChatMessage.user(message)), true);
  }

  /**
   * Where facts stand among the document's tokens.
   *
   * @return the token in which each sentence begins, 0 for one that cannot be found
   */
  int[] positions(Tokenizer tokenizer, List<Fact> facts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] starts = new int[document.length];
    for (int i = 0; i < document.length; i++) {
      starts[i] = bytes.size();
      bytes.writeBytes(tokenizer.bytes(document[i]));
    }
    // Latin-1 keeps one character per byte, so that indices are offsets.
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    int[] positions = new int[facts.size()];
    for (int f = 0; f < positions.length; f++) {
      int at = Arrays.binarySearch(starts, Math.max(0, text.indexOf(facts.get(f).sentence())));
      positions[f] = at >= 0 ? at : -at - 2;
    }
    return positions;
  }
}
