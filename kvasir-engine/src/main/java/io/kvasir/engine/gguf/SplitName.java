package io.kvasir.engine.gguf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one file of a model in several, as llama.cpp's gguf-split writes them: {@code
 * x-00002-of-00003.gguf}. The numbers are as written: whoever relies on them checks them.
 *
 * @param stem what all files of the model begin with, folders included
 * @param number of the file, from 1
 * @param count of files
 */
public record SplitName(String stem, int number, int count) {
  private static final Pattern FORM =
      Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.DOTALL);

  /** Takes a name apart; empty when it is not of this form. */
  public static Optional<SplitName> parse(String file) {
    Matcher form = FORM.matcher(file);
    return form.matches()
        ? Optional.of(
            new SplitName(
                form.group(1), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3))))
        : Optional.empty();
  }

  /** The name of another file of the same model. */
  public SplitName numbered(int other) {
    return new SplitName(stem, other, count);
  }

  /** The name as it is written. */
  @Override
  public String toString() {
    return "%s-%05d-of-%05d.gguf".formatted(stem, number, count);
  }
}
