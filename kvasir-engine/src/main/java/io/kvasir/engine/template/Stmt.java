package io.kvasir.engine.template;

import java.util.List;
import java.util.Optional;

/** A statement of a parsed template; {@code line} is where its tag begins. */
sealed interface Stmt {
  record Data(String text) implements Stmt {}

  record Print(int line, Expr value) implements Stmt {}

  record If(List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

  /** An {@code if} or {@code elif} with its body. */
  record Branch(int line, Expr test, List<Stmt> body) {}

  record For(
      int line,
      Target target,
      Expr items,
      Optional<Expr> filter,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise)
      implements Stmt {}

  record Assign(int line, Target target, Expr value) implements Stmt {}

  /** {@code {% set x | filters %}body{% endset %}}. */
  record Capture(int line, Target target, List<Expr.FilterCall> filters, List<Stmt> body)
      implements Stmt {}

  record With(int line, List<Binding> bindings, List<Stmt> body) implements Stmt {}

  record Binding(Target target, Expr value) {}

  record MacroDefinition(int line, String name, Signature signature, List<Stmt> body)
      implements Stmt {}

  /** {@code {% call(parameters) call %}body{% endcall %}}: the body is the call's caller(). */
  record CallBlock(int line, Signature signature, Expr.Call call, List<Stmt> body)
      implements Stmt {}

  record FilterBlock(int line, List<Expr.FilterCall> filters, List<Stmt> body) implements Stmt {}

  /** A body with variables of its own: {@code block} and {@code generation}. */
  record Scoped(List<Stmt> body) implements Stmt {}

  record Break() implements Stmt {}

  record Continue() implements Stmt {}

  /** What can be assigned to. */
  sealed interface Target {}

  record NameTarget(String name) implements Target {}

  /** {@code namespace.name}. */
  record AttributeTarget(String namespace, String name) implements Target {}

  record TupleTarget(List<Target> targets) implements Target {}

  /**
   * What a macro takes.
   *
   * @param varargs whether the body reads {@code varargs}, so that any number of arguments is fine
   * @param kwargs likewise for {@code kwargs} and names
   * @param caller whether the body reads {@code caller}, so that a call block may call the macro
   */
  record Signature(List<Parameter> parameters, boolean varargs, boolean kwargs, boolean caller) {}

  record Parameter(String name, Optional<Expr> defaultValue) {}
}
