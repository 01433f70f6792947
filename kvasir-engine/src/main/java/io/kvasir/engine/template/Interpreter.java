package io.kvasir.engine.template;

import io.kvasir.engine.template.Stmt.Target;
import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs the statements of one rendering. */
final class Interpreter {
  /** How a body ended. */
  private enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Evaluator evaluator;
  private int line = 1;

  Interpreter(Budget budget, LocalDateTime now) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget, now);
  }

  Budget budget() {
    return budget;
  }

  /** The line of the statement that runs, for messages. */
  int line() {
    return line;
  }

  String render(List<Stmt> template, Scope context) {
    return capture(template, context);
  }

  /** Runs a body and returns its output. */
  String capture(List<Stmt> body, Scope scope) {
    int callersLine = line;
    budget.enter();
    TextBuilder out = new TextBuilder(budget);
    run(body, scope, out);
    budget.leave();
    line = callersLine;
    return out.finish();
  }

  private Flow run(List<Stmt> body, Scope scope, TextBuilder out) {
    budget.enter();
    Flow flow = Flow.NORMAL;
    for (Iterator<Stmt> i = body.iterator(); i.hasNext() && flow == Flow.NORMAL; ) {
      budget.step();
      flow = run(i.next(), scope, out);
    }
    budget.leave();
    return flow;
  }

  private Flow run(Stmt statement, Scope scope, TextBuilder out) {
    switch (statement) {
      case Stmt.Data data -> out.append(data.text());
      case Stmt.Print print -> {
        line = print.line();
        PythonText.str(evaluator.evaluate(print.value(), scope), out);
      }
      case Stmt.If conditional -> {
        return conditional(conditional, scope, out);
      }
      case Stmt.For loop -> {
        line = loop.line();
        loop(loop, evaluator.evaluate(loop.items(), scope), 0, scope, out);
      }
      case Stmt.Assign assign -> {
        line = assign.line();
        assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
      }
      case Stmt.Capture capture -> {
        line = capture.line();
        String text = capture(capture.body(), scope.inner());
        assign(capture.target(), filtered(text, capture.filters(), scope), scope);
      }
      case Stmt.With with -> {
        return with(with, scope, out);
      }
      case Stmt.MacroDefinition macro ->
          scope.set(
              macro.name(), new Macro(macro.name(), macro.signature(), macro.body(), scope, this));
      case Stmt.CallBlock block -> callBlock(block, scope, out);
      case Stmt.FilterBlock block -> {
        line = block.line();
        PythonText.str(filtered(capture(block.body(), scope.inner()), block.filters(), scope), out);
      }
      case Stmt.Scoped scoped -> run(scoped.body(), scope.inner(), out);
      case Stmt.Break end -> {
        return Flow.BREAK;
      }
      case Stmt.Continue end -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NORMAL;
  }

  private Flow conditional(Stmt.If conditional, Scope scope, TextBuilder out) {
    for (Stmt.Branch branch : conditional.branches()) {
      line = branch.line();
      if (evaluator.truth(branch.test(), scope)) {
        return run(branch.body(), scope, out);
      }
    }
    return run(conditional.otherwise(), scope, out);
  }

  private void loop(Stmt.For statement, Object value, int depth0, Scope scope, TextBuilder out) {
    List<Object> items = Types.items(value, budget);
    Loop loop =
        new Loop(
            statement.filter().isPresent()
                ? new Filtered(statement, items.iterator(), scope)
                : items.iterator(),
            statement.filter().isPresent() ? OptionalLong.empty() : OptionalLong.of(items.size()),
            depth0,
            statement.recursive()
                ? Optional.of(inner -> recursion(statement, inner, depth0 + 1, scope))
                : Optional.empty());
    boolean completed = false; // Jinja: a first turn that ends early still counts as none
    while (loop.advance()) {
      budget.step();
      Scope body = scope.inner();
      body.set("loop", loop);
      assign(statement.target(), loop.current(), body);
      Flow flow = run(statement.body(), body, out);
      completed |= flow == Flow.NORMAL;
      if (flow == Flow.BREAK) {
        break;
      }
    }
    if (!completed) {
      run(statement.otherwise(), scope.inner(), out);
    }
  }

  private Object recursion(Stmt.For statement, Object items, int depth0, Scope scope) {
    budget.enter();
    TextBuilder out = new TextBuilder(budget);
    loop(statement, items, depth0, scope, out);
    budget.leave();
    return out.finish();
  }

  /** The items that pass the loop's filter, tested one by one as they are asked for. */
  private final class Filtered implements Iterator<Object> {
    private final Stmt.For loop;
    private final Iterator<Object> items;
    private final Scope scope;
    private Optional<Object> next = Optional.empty();

    Filtered(Stmt.For loop, Iterator<Object> items, Scope scope) {
      this.loop = loop;
      this.items = items;
      this.scope = scope;
    }

    @Override
    public boolean hasNext() {
      while (next.isEmpty() && items.hasNext()) {
        Object item = items.next();
        Scope test = scope.inner();
        assign(loop.target(), item, test);
        if (evaluator.truth(loop.filter().orElseThrow(), test)) {
          next = Optional.of(item);
        }
      }
      return next.isPresent();
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object item = next.orElseThrow();
      next = Optional.empty();
      return item;
    }
  }

  private Flow with(Stmt.With with, Scope scope, TextBuilder out) {
    line = with.line();
    Scope inner = scope.inner();
    for (Stmt.Binding binding : with.bindings()) {
      assign(binding.target(), evaluator.evaluate(binding.value(), scope), inner);
    }
    return run(with.body(), inner, out);
  }

  private void callBlock(Stmt.CallBlock block, Scope scope, TextBuilder out) {
    line = block.line();
    Macro caller = new Macro("caller", block.signature(), block.body(), scope, this);
    PythonText.str(evaluator.callWith(block.call(), caller, scope), out);
  }

  private Object filtered(Object text, List<Expr.FilterCall> filters, Scope scope) {
    Object value = text;
    for (Expr.FilterCall filter : filters) {
      value = evaluator.filter(value, filter, scope);
    }
    return value;
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Stmt.NameTarget name -> scope.set(name.name(), value);
      case Stmt.AttributeTarget attribute -> {
        Object holder = scope.find(attribute.namespace()).orElse(None.NONE);
        if (!(holder instanceof Namespace namespace)) {
          throw new TemplateException(
              "\"%s\" is no namespace, so \"%s\" of it cannot be set"
                  .formatted(attribute.namespace(), attribute.name()));
        }
        namespace.set(attribute.name(), value);
      }
      case Stmt.TupleTarget tuple -> {
        List<Object> parts = Types.items(value, budget);
        if (parts.size() != tuple.targets().size()) {
          throw new TemplateException(
              "%d values cannot be assigned to %d names"
                  .formatted(parts.size(), tuple.targets().size()));
        }
        for (int i = 0; i < parts.size(); i++) {
          assign(tuple.targets().get(i), parts.get(i), scope);
        }
      }
    }
  }
}
