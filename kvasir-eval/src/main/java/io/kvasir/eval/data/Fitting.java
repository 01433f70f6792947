package io.kvasir.eval.data;

import io.kvasir.eval.Digest;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Recipe;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A document as an item of a ctx. It is not cut in silence: one that is too long is left out, or,
 * where the user asks for it, loses words from its middle.
 *
 * @param truncate whether what is too long loses words from its middle
 */
record Fitting(boolean truncate) {
  private static final String GAP = "\n[...]\n";
  private static final Pattern WORD = Pattern.compile("\\S+\\s*");

  /** The item; nothing when it is too long. */
  Optional<Item> item(Document document, Recipe recipe) {
    int room = recipe.room(document.questions());
    return recipe.tokens().count(document.context()) <= room
        ? Optional.of(item(document, document.context(), recipe))
        : withoutMiddle(document, recipe, room).map(ends -> item(document, ends, recipe));
  }

  /** The beginning and the end, equally many words; nothing when there is room for none. */
  private Optional<String> withoutMiddle(Document document, Recipe recipe, int room) {
    if (!truncate) {
      return Optional.empty();
    }
    String context = document.context();
    List<MatchResult> words = WORD.matcher(context).results().toList();
    long kept = words.size();
    String ends = context;
    while (kept > 1) {
      int tokens = recipe.tokens().count(ends);
      if (tokens <= room) {
        return Optional.of(ends);
      }
      kept = Math.min(kept - 2, kept * Math.max(0, room) / tokens);
      int half = (int) Math.max(0, kept / 2);
      ends =
          half == 0
              ? ""
              : context.substring(0, words.get(half).start()).stripTrailing()
                  + GAP
                  + context.substring(words.get(words.size() - half).start());
    }
    return Optional.empty();
  }

  private static Item item(Document document, String context, Recipe recipe) {
    return new Item(
        document.task(),
        1,
        Digest.hex(document.context()),
        recipe.ctx(),
        recipe.seed(),
        recipe.number(),
        context,
        document.questions());
  }
}
