package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scanners against the published patterns, run by java.util.regex. */
class PreTokenizerTest {
  private static final String S =
      "\\x09-\\x0d\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  private static final String LLAMA3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Alike in Unicode 15.1 and in the JDK. */
  private static final List<String> ALPHABET =
      List.of(
          " ", " ", " ", "\n", "\r", "\t", "\u000b", "\u0085", "\u00a0", "\u3000", "\u200b",
          "\u001c", "'", "'", "s", "S", "t", "re", "VE", "ll", "d", "M", "ſ", "a", "é", "e\u0301",
          "字", "ñ", "क", "1", "22", "345", "²", "Ⅻ", "٣", "🙂", "$", "`", "~", "_", "«", "…", "-",
          "\u0378", "\uffff", "𝟘", "𐐷", "\0");

  private static List<String> reference(PreTokenizer kind, String text) {
    return switch (kind) {
      case GPT2 -> words(text, GPT2);
      case SMOLLM -> words(text, "\\p{N}").stream().flatMap(w -> words(w, GPT2).stream()).toList();
      case LLAMA3 -> words(text, LLAMA3);
      case QWEN2 -> words(text, LLAMA3.replace("{1,3}", ""));
      case DEFAULT -> {
        List<String> parts = List.of(text);
        for (String pattern : List.of("[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]")) {
          parts = parts.stream().flatMap(p -> words(p, pattern).stream()).toList();
        }
        yield parts;
      }
    };
  }

  /** The matches and, as words too, what lies between them. */
  private static List<String> words(String text, String pattern) {
    String exact =
        pattern
            .replace("[^\\s", "[^" + S)
            .replace("\\s", "[" + S + "]")
            .replace("\\S", "[^" + S + "]");
    Matcher matcher = Pattern.compile(exact).matcher(text);
    List<String> words = new ArrayList<>();
    int end = 0;
    while (matcher.find()) {
      if (end < matcher.start()) {
        words.add(text.substring(end, matcher.start()));
      }
      words.add(matcher.group());
      end = matcher.end();
    }
    if (end < text.length()) {
      words.add(text.substring(end));
    }
    return words;
  }

  @ParameterizedTest
  @EnumSource
  void cutsWhereThePatternCuts(PreTokenizer kind) {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
      }
      List<String> words = new ArrayList<>();
      byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
      kind.into((t, from, to) -> words.add(new String(t, from, to - from, StandardCharsets.UTF_8)))
          .word(utf8, 0, utf8.length);
      assertThat(words).as(text.toString()).isEqualTo(reference(kind, text.toString()));
    }
  }
}
