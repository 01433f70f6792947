package io.kvasir.engine.template;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat template, parsed once and rendered for every conversation. Immutable and thread-safe.
 *
 * <p>The context is plain data: {@code Map} with string keys, {@code List}, {@code CharSequence},
 * {@code Number}, {@code Boolean}, and null for Python's None (JSON's null). A variable or key that
 * is absent is undefined, which is something else: {@code x is none} and {@code x is defined} tell
 * them apart. Integers of any size stay integers and print so; float and double are floats.
 */
public final class ChatTemplate {
  /** Real ones have up to some ten thousand characters. */
  private static final int MAX_SOURCE = 1 << 20;

  private final List<Stmt> body;

  private ChatTemplate(List<Stmt> body) {
    this.body = body;
  }

  /**
   * Parses, and evaluates nothing.
   *
   * @throws TemplateException if the text is no template of the supported subset
   */
  public static ChatTemplate parse(String source) {
    if (source.length() > MAX_SOURCE) {
      throw new TemplateException(
          "a template has %d characters, at most %d are expected"
              .formatted(source.length(), MAX_SOURCE));
    }
    return new ChatTemplate(Parser.parse(source));
  }

  /**
   * Renders with the default limits and the local time of now.
   *
   * @throws TemplateException if the template refuses the context or goes wrong
   */
  public String render(Map<String, ? extends @Nullable Object> context) {
    return render(context, LocalDateTime.now(ZoneId.systemDefault()));
  }

  /**
   * Renders with the default limits.
   *
   * @param now what {@code strftime_now} tells
   * @throws TemplateException if the template refuses the context or goes wrong
   */
  public String render(Map<String, ? extends @Nullable Object> context, LocalDateTime now) {
    return render(context, now, TemplateLimits.DEFAULT);
  }

  /**
   * Renders.
   *
   * @param now what {@code strftime_now} tells
   * @throws TemplateException if the template refuses the context, goes wrong or needs more than
   *     the limits
   */
  public String render(
      Map<String, ? extends @Nullable Object> context, LocalDateTime now, TemplateLimits limits) {
    Budget budget = new Budget(limits);
    Map<String, Object> variables = new HashMap<>();
    context.forEach((name, value) -> variables.put(name, PlainData.of(value, budget)));
    Interpreter interpreter = new Interpreter(budget, now);
    try {
      return interpreter.render(body, new Scope(variables));
    } catch (TemplateException e) {
      throw e.atLine(interpreter.line());
    }
  }
}
