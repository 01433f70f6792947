package io.kvasir.eval.run;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How probable a model finds an answer that it is given, token by token, as decoding would read it.
 *
 * @param meanLnp of its tokens, in nats
 * @param argmax whether each was the most likely one
 * @param codedShare of the sequence before its last token
 */
record Forced(double meanLnp, boolean argmax, double codedShare) {
  /** Logits that are held at once, and rows, where a vocabulary is small. */
  private static final int LOGITS = 1 << 23;

  private static final int MOST_ROWS = 256;

  /**
   * What is to be forced.
   *
   * @param asked a sequence that has read the question; stays as it is
   * @param logits after its last token, [V]
   * @param answer at least one token
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(Sequence asked, float[] logits, int[] answer) {}

  /** Tokens {@code from .. to} of an answer, each of which says what follows it. */
  private record Piece(int answer, int from, int to) {}

  /** A token of an answer: its ln p, and whether it was the most likely one. */
  private record Token(double lnp, boolean argmax) {
    static Token of(float[] logits, int id) {
      return new Token(-LogProbs.nll(logits, id), LogProbs.argmax(logits) == id);
    }
  }

  /** Forces answers on forks; as many tokens of all of them pass together as there is room for. */
  static List<Forced> of(Model model, List<Answer> answers) {
    return new Forcing(model, answers).run();
  }

  /** Answers on their way. */
  private static final class Forcing {
    private final Model model;
    private final List<Answer> answers;
    private final Token[][] tokens;
    private final Forced[] forced;
    private final Map<Integer, Sequence> open = new HashMap<>(); // by answer

    Forcing(Model model, List<Answer> answers) {
      this.model = model;
      this.answers = answers;
      this.tokens = new Token[answers.size()][];
      this.forced = new Forced[answers.size()];
    }

    List<Forced> run() {
      model.parallel(tokens.length, this::begin);
      int rows = Math.clamp(LOGITS / model.config().vocabularySize(), 1, MOST_ROWS);
      try {
        for (List<Piece> pieces : waves(answers, rows)) {
          follow(pieces);
          pieces.forEach(this::end);
        }
        return List.of(forced);
      } finally {
        open.values().forEach(Sequence::close);
      }
    }

    /** The first token follows the question. */
    private void begin(int a) {
      Answer given = answers.get(a);
      tokens[a] = new Token[given.answer().length];
      tokens[a][0] = Token.of(given.logits(), given.answer()[0]);
      if (tokens[a].length == 1) {
        forced[a] = Forced.of(tokens[a], given.asked());
      }
    }

    private void follow(List<Piece> pieces) {
      List<Sequence> forks = new ArrayList<>();
      List<int[]> ids = new ArrayList<>();
      List<int[]> rows = new ArrayList<>(); // piece and row
      for (Piece piece : pieces) {
        Answer given = answers.get(piece.answer());
        for (int row = 0; row < piece.to() - piece.from(); row++) {
          rows.add(new int[] {forks.size(), row});
        }
        forks.add(open.computeIfAbsent(piece.answer(), a -> given.asked().fork()));
        ids.add(Arrays.copyOfRange(given.answer(), piece.from(), piece.to()));
      }
      float[][][] logits = model.follow(forks, ids);
      model.parallel(
          rows.size(),
          index -> {
            int[] at = rows.get(index);
            Piece piece = pieces.get(at[0]);
            int next = piece.from() + at[1] + 1;
            int id = answers.get(piece.answer()).answer()[next];
            tokens[piece.answer()][next] = Token.of(logits[at[0]][at[1]], id);
          });
    }

    /** A fork that has read its answer, but for the last token, is done. */
    private void end(Piece piece) {
      int a = piece.answer();
      if (piece.to() == tokens[a].length - 1) {
        try (Sequence fork = Objects.requireNonNull(open.remove(a))) {
          forced[a] = Forced.of(tokens[a], fork);
        }
      }
    }
  }

  /** Cut where {@code rows} tokens are together; of each answer all but the last token. */
  private static List<List<Piece>> waves(List<Answer> answers, int rows) {
    List<List<Piece>> waves = new ArrayList<>();
    int room = 0;
    for (int a = 0; a < answers.size(); a++) {
      int last = answers.get(a).answer().length - 1;
      for (int from = 0, to; from < last; from = to) {
        if (room == 0) {
          waves.add(new ArrayList<>());
          room = rows;
        }
        to = Math.min(last, from + room);
        waves.getLast().add(new Piece(a, from, to));
        room -= to - from;
      }
    }
    return waves;
  }

  private static Forced of(Token[] tokens, Sequence read) {
    double sum = 0;
    boolean argmax = true;
    for (Token token : tokens) {
      sum += token.lnp();
      argmax &= token.argmax();
    }
    return new Forced(sum / tokens.length, argmax, read.cache().codedShare());
  }
}
