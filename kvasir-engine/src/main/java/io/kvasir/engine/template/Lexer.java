package io.kvasir.engine.template;

import io.kvasir.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into text and tags, and applies the whitespace rules on the way: one newline
 * after a block or comment goes (trim_blocks), as does the indentation before one (lstrip_blocks);
 * {@code -} strips all whitespace on its side and {@code +} switches the rules off. What stands
 * inside a tag is {@link TagLexer}'s business.
 */
final class Lexer {
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(normalized(source));
    lexer.run();
    return lexer.tokens;
  }

  /** Newlines as \n, one trailing newline dropped. */
  private static String normalized(String source) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        data(source.substring(at));
        advanceTo(source.length());
      } else {
        tag(tag);
      }
    }
    tokens.add(new Token(Kind.END, "", line));
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void tag(int begin) {
    char kind = source.charAt(begin + 1);
    char sign = signAt(begin + 2);
    data(strippedBefore(begin, sign, kind != '{'));
    advanceTo(begin + (sign == ' ' ? 2 : 3));
    switch (kind) {
      case '#' -> comment();
      case '{' -> inside(Kind.PRINT_BEGIN, Kind.PRINT_END);
      default -> {
        int raw = rawBegin();
        if (raw < 0) {
          inside(Kind.BLOCK_BEGIN, Kind.BLOCK_END);
        } else {
          raw(raw);
        }
      }
    }
  }

  private char signAt(int index) {
    char c = index < source.length() ? source.charAt(index) : ' ';
    return c == '-' || c == '+' ? c : ' ';
  }

  /** The text from here to a tag, less the whitespace which the tag's sign or lstrip takes away. */
  private String strippedBefore(int tag, char sign, boolean isBlock) {
    String text = source.substring(at, tag);
    if (sign == '-') {
      return Chars.strip(text, false, true);
    }
    if (sign == '+' || !isBlock) {
      return text;
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean startsLine = lineStart > 0 || at == 0 || source.charAt(at - 1) == '\n';
    boolean indentation = startsLine && Chars.skipSpace(text, lineStart) == text.length();
    return indentation ? text.substring(0, lineStart) : text;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Kind.DATA, text, line));
    }
  }

  private void comment() {
    int close = source.indexOf("#}", at);
    if (close < 0) {
      throw new TemplateException("a comment begins here and never ends").atLine(line);
    }
    char sign = close > at ? signAt(close - 1) : ' ';
    advanceTo(close + 2);
    afterBlock(sign);
  }

  private void inside(Kind begin, Kind end) {
    tokens.add(new Token(begin, "", line));
    boolean block = end == Kind.BLOCK_END;
    TagLexer tag = new TagLexer(source, at, line, block, tokens);
    char sign = tag.run();
    advanceTo(tag.end());
    tokens.add(new Token(end, "", line));
    if (block) {
      afterBlock(sign);
    } else if (sign == '-') {
      advanceTo(Chars.skipSpace(source, at));
    }
  }

  private void afterBlock(char sign) {
    if (sign == '-') {
      advanceTo(Chars.skipSpace(source, at));
    } else if (sign != '+' && source.startsWith("\n", at)) {
      advanceTo(at + 1);
    }
  }

  /** The end of a raw tag that begins here, before the text it protects; -1 if it is another. */
  private int rawBegin() {
    int word = wordEnd(at, "raw");
    if (word < 0) {
      return -1;
    }
    if (source.startsWith("-%}", word)) {
      return Chars.skipSpace(source, word + 3);
    }
    return source.startsWith("%}", word) ? word + 2 : -1;
  }

  private void raw(int begin) {
    int rawLine = line;
    advanceTo(begin);
    for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
      char sign = signAt(tag + 2);
      int word = wordEnd(tag + (sign == ' ' ? 2 : 3), "endraw");
      char endSign = word < 0 ? ' ' : signAt(word);
      if (word >= 0 && source.startsWith("%}", endSign == ' ' ? word : word + 1)) {
        data(strippedBefore(tag, sign, true));
        advanceTo(endSign == ' ' ? word + 2 : word + 3);
        afterBlock(endSign);
        return;
      }
    }
    throw new TemplateException("a raw block begins here and never ends").atLine(rawLine);
  }

  /** Where {@code word}, with whitespace around it, ends; -1 if something else stands there. */
  private int wordEnd(int from, String word) {
    int start = Chars.skipSpace(source, from);
    return source.startsWith(word, start) ? Chars.skipSpace(source, start + word.length()) : -1;
  }

  private void advanceTo(int position) {
    for (; at < position; at++) {
      if (source.charAt(at) == '\n') {
        line++;
      }
    }
  }
}
