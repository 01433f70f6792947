package io.kvasir.eval.run;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lets sequences write side by side, each its most probable token, one step of all in one pass.
 * Each writes what it would write alone.
 */
final class Greedy {
  private final Model model;
  private final Tokenizer tokenizer;
  private final Runnable alive;

  /**
   * @param alive called at every step, may throw to end it
   */
  Greedy(Model model, Runnable alive) {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.alive = alive;
  }

  /** One that writes, and what it has written. */
  static final class Writer {
    private final Sequence sequence;
    private final int most;
    private final String end;
    private final boolean goesOn;
    private final List<Integer> written = new ArrayList<>();
    private float[] logits;
    private boolean done;

    /**
     * @param sequence to be written to
     * @param logits after its last token, [V]
     * @param most tokens to write
     * @param end a text that ends it, not part of what is written; empty: none
     * @param goesOn whether the model's end tokens are taken for ordinary ones
     */
    Writer(Sequence sequence, float[] logits, int most, String end, boolean goesOn) {
      this.sequence = sequence;
      this.logits = logits;
      this.most = most;
      this.end = end;
      this.goesOn = goesOn;
    }

    int[] written() {
      return written.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What was written, up to the end. */
    String text() {
      String text = sequence.model().tokenizer().decode(written(), false);
      int at = end.isEmpty() ? -1 : text.indexOf(end, lead(text));
      return at < 0 ? text : text.substring(0, at);
    }

    /** An answer of several lines may begin with an empty one. */
    private int lead(String text) {
      return end.length() > 1 ? text.length() - text.stripLeading().length() : 0;
    }

    private boolean ended() {
      if (end.isEmpty()) {
        return false;
      }
      String text = sequence.model().tokenizer().decode(written(), false);
      return text.indexOf(end, lead(text)) >= 0;
    }
  }

  /** Lets all write to their end. */
  void write(List<Writer> writers) {
    List<Writer> left = new ArrayList<>(writers);
    while (true) {
      left.forEach(this::choose);
      left.removeIf(writer -> writer.done);
      if (left.isEmpty()) {
        return;
      }
      alive.run();
      int[] ids = left.stream().mapToInt(writer -> writer.written.getLast()).toArray();
      float[][] logits = model.step(left.stream().map(writer -> writer.sequence).toList(), ids);
      IntStream.range(0, ids.length).forEach(i -> left.get(i).logits = logits[i]);
    }
  }

  private void choose(Writer writer) {
    int id = writer.written.size() < writer.most ? LogProbs.argmax(writer.logits) : -1;
    if (id < 0 || !writer.goesOn && tokenizer.isEndOfGeneration(id)) {
      writer.done = true;
      return;
    }
    writer.written.add(id);
    // The last token need not pass the model: nobody asks what follows.
    writer.done = writer.written.size() == writer.most || writer.ended();
  }
}
