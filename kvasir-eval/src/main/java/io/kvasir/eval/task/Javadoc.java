package io.kvasir.eval.task;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The prose in Javadoc comments: what is said before the tags, without marks. */
final class Javadoc {
  /** Shorter ones are mostly formulas such as "See also". */
  private static final int SHORTEST = 200;

  private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern STAR = Pattern.compile("^\\s*\\*? ?");
  private static final Pattern EXAMPLE = Pattern.compile("<pre>.*?</pre>", Pattern.DOTALL);
  private static final Pattern INLINE = Pattern.compile("\\{@\\w+\\s+(?:[\\w.]*#)?([^{}]*)\\}");
  private static final Pattern MARK = Pattern.compile("</?[A-Za-z][^<>]*>");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private Javadoc() {}

  /**
   * All comments of all sources, each once, in paragraphs. Those in which a tag is left, because
   * code with single braces stands in it, are no prose.
   */
  static String prose(JdkSources sources) {
    Set<String> comments = new LinkedHashSet<>();
    for (String source : sources.read(sources.names())) {
      COMMENT
          .matcher(source)
          .results()
          .map(comment -> prose(comment.group(1)))
          .filter(text -> text.length() >= SHORTEST && !text.contains("{@"))
          .forEach(comments::add);
    }
    return String.join("\n\n", comments);
  }

  /** The prose of one comment, the text between its marks. */
  static String prose(String comment) {
    String body =
        Arrays.stream(comment.split("\n"))
            .map(line -> STAR.matcher(line).replaceFirst(""))
            .takeWhile(line -> !line.startsWith("@"))
            .collect(Collectors.joining("\n"));
    String text = EXAMPLE.matcher(body).replaceAll(" ");
    for (String before = ""; !before.equals(text); ) { // tags inside of tags, innermost first
      before = text;
      text = INLINE.matcher(text).replaceAll(Javadoc::inside);
    }
    String plain = MARK.matcher(text).replaceAll(" ");
    String unescaped =
        plain
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
    return SPACES.matcher(unescaped).replaceAll(" ").strip();
  }

  /** {@code {@link Type#method label}} reads as its label, or as its method. */
  private static String inside(MatchResult tag) {
    return Matcher.quoteReplacement(tag.group(1).strip());
  }
}
