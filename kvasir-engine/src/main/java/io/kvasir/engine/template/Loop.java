package io.kvasir.engine.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The variable {@code loop}. Looks no further ahead than it is asked to, since a loop's filter may
 * depend on what its body does.
 */
final class Loop implements HasAttributes, Callable {
  private static final Undefined NO_PREVIOUS = Undefined.because("there is no previous item");
  private static final Undefined NO_NEXT = Undefined.because("there is no next item");

  private final Iterator<Object> source;
  private final Deque<Object> ahead = new ArrayDeque<>();
  private final int depth0;
  private final Optional<Function<Object, Object>> recursion;
  private OptionalLong length;
  private Object previous = NO_PREVIOUS;
  private Object current = NO_PREVIOUS;
  private List<Object> lastChecked = List.of();
  private boolean checked;
  private long index0 = -1;

  /**
   * @param length how many items there are, if that is known
   * @param depth0 loops of a recursive loop around this one
   * @param recursion what {@code loop(items)} does, in a recursive loop
   */
  Loop(
      Iterator<Object> source,
      OptionalLong length,
      int depth0,
      Optional<Function<Object, Object>> recursion) {
    this.source = source;
    this.length = length;
    this.depth0 = depth0;
    this.recursion = recursion;
  }

  /** Moves to the next item; false at the end. */
  boolean advance() {
    if (!hasNext()) {
      return false;
    }
    previous = current;
    current = ahead.isEmpty() ? source.next() : ahead.removeFirst();
    index0++;
    return true;
  }

  Object current() {
    return current;
  }

  int depth0() {
    return depth0;
  }

  private boolean hasNext() {
    return !ahead.isEmpty() || source.hasNext();
  }

  private Object peek() {
    if (!hasNext()) {
      return NO_NEXT;
    }
    if (ahead.isEmpty()) {
      ahead.add(source.next());
    }
    return ahead.getFirst();
  }

  private long length() {
    if (length.isEmpty()) {
      source.forEachRemaining(ahead::add);
      length = OptionalLong.of(index0 + 1 + ahead.size());
    }
    return length.getAsLong();
  }

  @Override
  public Optional<Object> attribute(String name) {
    return switch (name) {
      case "index" -> Optional.of(index0 + 1);
      case "index0" -> Optional.of(index0);
      case "revindex" -> Optional.of(length() - index0);
      case "revindex0" -> Optional.of(length() - index0 - 1);
      case "length" -> Optional.of(length());
      case "first" -> Optional.of(index0 == 0);
      case "last" -> Optional.of(!hasNext());
      case "previtem" -> Optional.of(previous);
      case "nextitem" -> Optional.of(peek());
      case "depth" -> Optional.of(depth0 + 1L);
      case "depth0" -> Optional.of((long) depth0);
      case "cycle" -> Optional.of((Callable) this::cycle);
      case "changed" -> Optional.of((Callable) this::changed);
      default -> Optional.empty();
    };
  }

  private Object cycle(Arguments arguments, Evaluator evaluator) {
    List<Object> items = arguments.positional();
    if (items.isEmpty()) {
      throw new TemplateException("loop.cycle needs at least one item");
    }
    return items.get((int) (index0 % items.size()));
  }

  private Object changed(Arguments arguments, Evaluator evaluator) {
    boolean same =
        checked && Compare.equal(lastChecked, arguments.positional(), evaluator.budget());
    lastChecked = arguments.positional();
    checked = true;
    return !same;
  }

  @Override
  public Object call(Arguments arguments, Evaluator evaluator) {
    Object items = arguments.bind("loop", 1, "iterable").value("iterable");
    return recursion
        .orElseThrow(() -> new TemplateException("loop(...) needs {% for ... recursive %}"))
        .apply(items);
  }
}
