package io.kvasir.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of tokens: {@code 512}, or {@code 4k} for 4096. */
final class TokenCount implements ITypeConverter<Integer> {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})(k?)");

  @Override
  public Integer convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException(
          "\"" + text + "\" is no number of tokens, such as 512 or 4k");
    }
    return Math.multiplyExact(Integer.parseInt(form.group(1)), form.group(2).isEmpty() ? 1 : 1024);
  }
}
