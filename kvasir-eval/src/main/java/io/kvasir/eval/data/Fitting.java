package io.kvasir.eval.data;

import io.kvasir.eval.Digest;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Documents as items of a ctx. None is cut in silence: a document that is too long is left out and
 * counted, or, where the user asks for it, loses words from its middle.
 *
 * @param items of the documents that fit, in order
 * @param tooLong places of those left out
 * @param truncated places of those that lost their middle
 */
public record Fitting(List<Item> items, List<String> tooLong, List<String> truncated) {
  private static final String GAP = "\n[...]\n";
  private static final Pattern WORD = Pattern.compile("\\S+\\s*");

  public Fitting {
    items = List.copyOf(items);
    tooLong = List.copyOf(tooLong);
    truncated = List.copyOf(truncated);
  }

  /**
   * @param recipe of any number: ctx, protocol, template and tokens count
   * @param truncate whether what is too long loses words from its middle
   */
  public static Fitting of(List<Document> documents, Recipe recipe, boolean truncate) {
    List<Item> items = new ArrayList<>();
    List<String> tooLong = new ArrayList<>();
    List<String> truncated = new ArrayList<>();
    for (int number = 0; number < documents.size(); number++) {
      Document document = documents.get(number);
      int room = recipe.room(document.questions());
      if (recipe.tokens().count(document.context()) <= room) {
        items.add(item(document, document.context(), recipe, number));
        continue;
      }
      Optional<String> ends =
          truncate ? withoutMiddle(document.context(), recipe, room) : Optional.empty();
      if (ends.isPresent()) {
        truncated.add(document.place());
        items.add(item(document, ends.orElseThrow(), recipe, number));
      } else {
        tooLong.add(document.place());
      }
    }
    return new Fitting(items, tooLong, truncated);
  }

  /** The beginning and the end, equally many words; nothing when there is room for none. */
  private static Optional<String> withoutMiddle(String context, Recipe recipe, int room) {
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

  private static Item item(Document document, String context, Recipe recipe, int number) {
    return new Item(
        document.task(),
        1,
        Digest.hex(document.context()),
        recipe.ctx(),
        recipe.seed(),
        number,
        context,
        document.questions());
  }
}
