package io.kvasir.cli.demo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a plan cost and what it lost.
 *
 * @param name the plan as the user wrote it
 * @param plan its canonical text
 * @param bytes of the cache after the document: pages, windows and tables
 * @param bytesPerToken of the document's tokens
 * @param pairs stored, over all layers and KV heads
 * @param ttftMillis time to first token of a question once the document is read: reading the
 *     question and choosing the token; the median question
 * @param tokensPerSecond of decoding the answer; the median question
 * @param agreement share of answer tokens where the most probable token is the full cache's, 0 to 1
 * @param meanKl mean divergence from the full cache's probabilities at the same tokens, nats
 * @param found facts whose number is in the answer
 * @param answers in the order of the facts
 * @param kept where the stored pairs come from; in the report only
 */
public record PlanResult(
    String name,
    String plan,
    long bytes,
    double bytesPerToken,
    long pairs,
    double ttftMillis,
    double tokensPerSecond,
    double agreement,
    double meanKl,
    int found,
    List<Answer> answers,
    @JsonIgnore KeptMap kept) {

  /**
   * @param expected the number that was planted
   * @param text what the model said
   */
  public record Answer(String question, String expected, String text, boolean found) {
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");

    /** The number in the answer: the right one, or else the first; empty when there is none. */
    public Optional<String> number() {
      return found
          ? Optional.of(expected)
          : NUMBER.matcher(text).results().map(MatchResult::group).findFirst();
    }
  }

  public PlanResult {
    answers = List.copyOf(answers);
  }
}
