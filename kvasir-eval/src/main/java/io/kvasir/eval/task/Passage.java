package io.kvasir.eval.task;

import io.kvasir.eval.InputException;

/**
 * A piece of a corpus and what really follows it, cut between words, so that both can be tokenised
 * apart.
 *
 * @param context what is read
 * @param next what follows, beginning with the space between them
 */
record Passage(String context, String next) {

  /**
   * @param room tokens of the context at most
   * @param nextTokens of what follows at most
   * @throws InputException when the corpus is too short for both
   */
  static Passage cut(Task task, Recipe recipe, int room, int nextTokens) {
    Corpus corpus = recipe.prose();
    // A word has at least one token, so ctx words from the start are enough wherever it lies.
    int starts = Math.max(1, corpus.runs() - recipe.ctx());
    int start = (int) (starts * recipe.depth(0, 1));
    int left = corpus.runs() - start;
    int read = Fill.units(task, recipe, room, left, n -> corpus.runs(start, start + n).strip());
    int middle = start + read;
    int follow =
        Fill.most(
            n -> recipe.tokens().count(corpus.runs(middle, middle + n)) <= nextTokens, left - read);
    if (read + follow == left) {
      throw new InputException(
          "%s: %s has %d words, too few for ctx %d; give a longer text"
              .formatted(task.name(), corpus.name(), corpus.runs(), recipe.ctx()));
    }
    return new Passage(corpus.runs(start, middle).strip(), corpus.runs(middle, middle + follow));
  }
}
