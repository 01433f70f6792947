package io.kvasir.engine.template;

import io.kvasir.engine.template.Expr.Args;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates the expressions of one rendering. */
final class Evaluator {
  private final Budget budget;
  private final LocalDateTime now;

  Evaluator(Budget budget, LocalDateTime now) {
    this.budget = budget;
    this.now = now;
  }

  Budget budget() {
    return budget;
  }

  LocalDateTime now() {
    return now;
  }

  Object evaluate(Expr expression, Scope scope) {
    budget.step();
    budget.enter();
    Object value =
        switch (expression) {
          case Expr.Literal literal -> literal.value();
          case Expr.Name name -> variable(name.name(), scope);
          case Expr.ListOf list -> all(list.items(), scope);
          case Expr.TupleOf tuple -> new Tuple(all(tuple.items(), scope));
          case Expr.DictOf dict -> dict(dict, scope);
          case Expr.Attribute attribute ->
              Access.attribute(evaluate(attribute.of(), scope), attribute.name(), budget);
          case Expr.Item item ->
              Access.item(evaluate(item.of(), scope), evaluate(item.key(), scope), budget);
          case Expr.SliceOf slice ->
              new Access.Slice(
                  optional(slice.start(), scope),
                  optional(slice.stop(), scope),
                  optional(slice.step(), scope));
          case Expr.Call call ->
              call(evaluate(call.callee(), scope), arguments(call.args(), scope));
          case Expr.Filtered filtered ->
              filter(evaluate(filtered.value(), scope), filtered.filter(), scope);
          case Expr.Tested tested ->
              test(tested.test(), evaluate(tested.value(), scope), arguments(tested.args(), scope));
          case Expr.Not not -> !truth(not.value(), scope);
          case Expr.Negated negated -> negate(evaluate(negated.value(), scope));
          case Expr.Positive positive -> number(evaluate(positive.value(), scope), "+");
          case Expr.And and -> and(and, scope);
          case Expr.Or or -> or(or, scope);
          case Expr.Binary binary ->
              Arithmetic.apply(
                  binary.operator(),
                  evaluate(binary.left(), scope),
                  evaluate(binary.right(), scope),
                  budget);
          case Expr.Concat concat -> concat(concat, scope);
          case Expr.Comparison comparison -> compare(comparison, scope);
          case Expr.Choice choice -> choose(choice, scope);
        };
    budget.leave();
    return value;
  }

  boolean truth(Expr expression, Scope scope) {
    return Types.truth(evaluate(expression, scope));
  }

  private static Object variable(String name, Scope scope) {
    return scope.find(name).or(() -> Globals.find(name)).orElseGet(() -> Undefined.name(name));
  }

  private List<Object> all(List<Expr> expressions, Scope scope) {
    budget.elements(2L + expressions.size()); // memory that a template might keep
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expr expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Dict dict(Expr.DictOf literal, Scope scope) {
    budget.elements(8);
    Dict dict = new Dict();
    for (Expr.Pair pair : literal.pairs()) {
      dict.put(evaluate(pair.key(), scope), evaluate(pair.value(), scope), budget);
    }
    return dict;
  }

  private Object optional(Optional<Expr> expression, Scope scope) {
    return expression.isPresent() ? evaluate(expression.get(), scope) : None.NONE;
  }

  private Arguments arguments(Args args, Scope scope) {
    List<Object> positional = all(args.positional(), scope);
    Map<String, Object> named = new LinkedHashMap<>();
    args.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    if (args.rest().isPresent()) {
      positional.addAll(Types.items(evaluate(args.rest().get(), scope), budget));
    }
    if (args.namedRest().isPresent()) {
      addNamed(evaluate(args.namedRest().get(), scope), named);
    }
    return new Arguments(positional, named);
  }

  private void addNamed(Object rest, Map<String, Object> named) {
    if (!(rest instanceof Dict dict)) {
      throw new TemplateException("** needs a mapping, but is given " + Types.object(rest));
    }
    budget.elements(dict.size());
    List<Object> values = dict.values();
    List<Object> keys = dict.keys();
    for (int i = 0; i < keys.size(); i++) {
      if (!(keys.get(i) instanceof String name) || named.put(name, values.get(i)) != null) {
        throw new TemplateException("** needs names that are strings and given only once");
      }
    }
  }

  /** A call that gets {@code caller} as another named argument. */
  Object callWith(Expr.Call call, Macro caller, Scope scope) {
    Object callee = evaluate(call.callee(), scope);
    Arguments given = arguments(call.args(), scope);
    Map<String, Object> named = new LinkedHashMap<>(given.named());
    named.put("caller", caller);
    return call(callee, new Arguments(given.positional(), named));
  }

  Object call(Object callee, Arguments arguments) {
    return switch (callee) {
      case Callable function -> function.call(arguments, this);
      case Undefined undefined -> throw undefined.failure();
      default -> throw new TemplateException("%s cannot be called".formatted(Types.object(callee)));
    };
  }

  Object filter(Object value, Expr.FilterCall filter, Scope scope) {
    return filter(filter.name(), value, arguments(filter.args(), scope));
  }

  Object filter(String name, Object value, Arguments arguments) {
    return Filters.find(name)
        .orElseThrow(() -> new TemplateException("there is no filter \"%s\"".formatted(name)))
        .apply(value, arguments, this);
  }

  boolean test(String name, Object value, Arguments arguments) {
    return ValueTests.find(name)
        .orElseThrow(() -> new TemplateException("there is no test \"%s\"".formatted(name)))
        .holds(value, arguments, this);
  }

  private static Object negate(Object value) {
    return number(value, "-") instanceof Double real ? (Object) (-real) : Integers.negate(value);
  }

  /** Booleans become integers. */
  private static Object number(Object value, String sign) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!Arithmetic.isNumber(value)) {
      throw new TemplateException(
          "\"%s\" needs a number, but is given %s".formatted(sign, Types.object(value)));
    }
    return value instanceof Boolean ? Integers.of(Integers.big(value)) : value;
  }

  private Object and(Expr.And and, Scope scope) {
    Object left = evaluate(and.left(), scope);
    return Types.truth(left) ? evaluate(and.right(), scope) : left;
  }

  private Object or(Expr.Or or, Scope scope) {
    Object left = evaluate(or.left(), scope);
    return Types.truth(left) ? left : evaluate(or.right(), scope);
  }

  private Object concat(Expr.Concat concat, Scope scope) {
    List<Object> parts = all(concat.parts(), scope);
    TextBuilder out = new TextBuilder(budget);
    parts.forEach(part -> PythonText.str(part, out));
    return out.finish();
  }

  private boolean compare(Expr.Comparison comparison, Scope scope) {
    Object left = evaluate(comparison.first(), scope);
    for (Expr.Link link : comparison.links()) {
      Object right = evaluate(link.right(), scope);
      if (!Compare.apply(link.comparator(), left, right, budget)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object choose(Expr.Choice choice, Scope scope) {
    if (truth(choice.test(), scope)) {
      return evaluate(choice.then(), scope);
    }
    return choice.otherwise().isPresent()
        ? evaluate(choice.otherwise().get(), scope)
        : Undefined.because("an inline \"if\" without \"else\" has no value here");
  }
}
