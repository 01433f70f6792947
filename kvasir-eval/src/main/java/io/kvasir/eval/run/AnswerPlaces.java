package io.kvasir.eval.run;

import io.kvasir.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the tokens of a prompt in which right answers stand, as whole words, wherever they do.
 *
 * <p>Tokens do not end where words do: those that hold a part of the answer count.
 */
final class AnswerPlaces {
  private final String text; // of the prompt's bytes, a char each
  private final int[] ends; // of each token in it

  AnswerPlaces(Tokenizer tokenizer, int[] prompt) {
    StringBuilder bytes = new StringBuilder();
    ends = new int[prompt.length];
    for (int i = 0; i < prompt.length; i++) {
      bytes.append(new String(tokenizer.bytes(prompt[i]), StandardCharsets.ISO_8859_1));
      ends[i] = bytes.length();
    }
    text = bytes.toString();
  }

  /** Positions of those tokens, ascending; none where no answer stands in the prompt. */
  int[] of(List<String> answers) {
    BitSet positions = new BitSet();
    for (String answer : answers) {
      String bytes =
          new String(answer.strip().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      for (int at = text.indexOf(bytes); !bytes.isEmpty() && at >= 0; ) {
        int end = at + bytes.length();
        if (isEdge(at) && isEdge(end)) {
          positions.set(tokenAt(at), tokenAt(end - 1) + 1);
        }
        at = text.indexOf(bytes, at + 1);
      }
    }
    return positions.stream().toArray();
  }

  /** Whether no word goes on across this place. */
  private boolean isEdge(int at) {
    return at == 0
        || at == text.length()
        || !isWord(text.charAt(at - 1))
        || !isWord(text.charAt(at));
  }

  /** Bytes beyond ASCII are parts of letters, most of them. */
  private static boolean isWord(char b) {
    return b >= 0x80 || Character.isLetterOrDigit(b);
  }

  private int tokenAt(int at) {
    int found = Arrays.binarySearch(ends, at + 1);
    if (found < 0) {
      return -found - 1;
    }
    while (found > 0 && ends[found - 1] == ends[found]) { // tokens without bytes
      found--;
    }
    return found;
  }
}
