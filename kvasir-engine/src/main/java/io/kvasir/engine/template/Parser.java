package io.kvasir.engine.template;

import io.kvasir.engine.template.Stmt.Signature;
import io.kvasir.engine.template.Stmt.Target;
import io.kvasir.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Parses a template into statements. */
final class Parser {
  private static final Set<String> CONSTANTS =
      Set.of("true", "True", "false", "False", "none", "None");

  private final TokenStream tokens;
  private final MacroNames macroNames = new MacroNames();
  private final ExpressionParser expressions;
  private int loops;

  private Parser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, macroNames);
  }

  static List<Stmt> parse(String source) {
    Parser parser = new Parser(new TokenStream(Lexer.tokens(source)));
    List<Stmt> body = parser.statements(Set.of());
    if (!parser.tokens.at(Kind.END)) {
      throw parser.tokens.unexpected("text or a tag");
    }
    return body;
  }

  /**
   * Statements up to a tag whose name is in {@code ends}, or to the end of the template if there
   * are none; the name is then the current token.
   */
  private List<Stmt> statements(Set<String> ends) {
    tokens.enter();
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Data(tokens.next().text()));
        case PRINT_BEGIN -> {
          tokens.next();
          body.add(new Stmt.Print(token.line(), expressions.tupleOrExpression()));
          tokens.expect(Kind.PRINT_END, "\"}}\"");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          if (tokens.at(Kind.NAME) && ends.contains(tokens.current().text())) {
            tokens.leave();
            return List.copyOf(body);
          }
          body.add(statement(token.line()));
          tokens.expect(Kind.BLOCK_END, "\"%}\"");
        }
        default -> {
          if (!ends.isEmpty()) {
            throw tokens.unexpected(
                "{% " + String.join(" or ", ends.stream().sorted().toList()) + " %}");
          }
          tokens.leave();
          return List.copyOf(body);
        }
      }
    }
  }

  /** The rest of a tag, then statements up to the end tag, whose name is consumed. */
  private List<Stmt> body(String end) {
    endOfTag();
    List<Stmt> body = statements(Set.of(end));
    tokens.next();
    return body;
  }

  private void endOfTag() {
    tokens.skipOperator(":"); // Python's colon is tolerated
    tokens.expect(Kind.BLOCK_END, "\"%}\"");
  }

  private Stmt statement(int line) {
    String tag = tokens.expect(Kind.NAME, "the name of a tag").text();
    return switch (tag) {
      case "if" -> conditional(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "call" -> callBlock(line);
      case "filter" -> filterBlock(line);
      case "with" -> with(line);
      case "print" -> new Stmt.Print(line, expressions.printed());
      case "generation" -> outsideLoops(() -> new Stmt.Scoped(body("endgeneration")));
      case "block" -> block();
      case "break" -> insideLoop(tag, new Stmt.Break());
      case "continue" -> insideLoop(tag, new Stmt.Continue());
      case "include", "import", "from", "extends" ->
          throw tokens.fail(
              "{%% %s %%} needs other templates, but a chat template stands alone".formatted(tag));
      default -> throw tokens.fail("the tag {%% %s %%} is unknown here".formatted(tag));
    };
  }

  private Stmt conditional(int firstLine) {
    List<Stmt.Branch> branches = new ArrayList<>();
    int line = firstLine;
    while (true) {
      Expr test = expressions.tupleWithoutChoice();
      endOfTag();
      List<Stmt> body = statements(Set.of("elif", "else", "endif"));
      branches.add(new Stmt.Branch(line, test, body));
      Token end = tokens.next();
      line = end.line();
      switch (end.text()) {
        case "elif" -> {}
        case "else" -> {
          return new Stmt.If(List.copyOf(branches), body("endif"));
        }
        default -> {
          return new Stmt.If(List.copyOf(branches), List.of());
        }
      }
    }
  }

  private Stmt loop(int line) {
    Target target = target(false);
    tokens.expectName("in");
    Expr items = expressions.tupleWithoutChoice();
    Optional<Expr> filter =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = tokens.skipName("recursive");
    endOfTag();
    loops++;
    List<Stmt> body = statements(Set.of("else", "endfor"));
    loops--;
    List<Stmt> otherwise = tokens.next().text().equals("else") ? body("endfor") : List.of();
    return new Stmt.For(line, target, items, filter, recursive, body, otherwise);
  }

  private Stmt insideLoop(String tag, Stmt statement) {
    if (loops == 0) {
      throw tokens.fail("{%% %s %%} stands outside a loop".formatted(tag));
    }
    return statement;
  }

  /** What a macro or call block holds runs elsewhere: no break reaches the loop around it. */
  private Stmt outsideLoops(Supplier<Stmt> parsed) {
    int outer = loops;
    loops = 0;
    Stmt statement = parsed.get();
    loops = outer;
    return statement;
  }

  private Stmt set(int line) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Stmt.Assign(line, target, expressions.tupleOrExpression());
    }
    List<Expr.FilterCall> filters = expressions.filters();
    return new Stmt.Capture(line, target, filters, body("endset"));
  }

  private Stmt with(int line) {
    List<Stmt.Binding> bindings = new ArrayList<>();
    while (!tokens.at(Kind.BLOCK_END)) {
      if (!bindings.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = target(false);
      tokens.expectOperator("=");
      bindings.add(new Stmt.Binding(target, expressions.expression()));
    }
    return new Stmt.With(line, List.copyOf(bindings), body("endwith"));
  }

  private Stmt macro(int line) {
    return outsideLoops(
        () -> {
          String name = assignable();
          Set<String> outer = macroNames.begin();
          List<Stmt.Parameter> parameters = parameters();
          List<Stmt> body = body("endmacro");
          return new Stmt.MacroDefinition(line, name, signature(parameters, outer), body);
        });
  }

  private Stmt callBlock(int line) {
    return outsideLoops(
        () -> {
          Set<String> outer = macroNames.begin();
          List<Stmt.Parameter> parameters =
              tokens.atOperator("(") ? parameters() : List.<Stmt.Parameter>of();
          if (!(expressions.expression() instanceof Expr.Call call)) {
            throw tokens.fail("{% call %} needs a call, for example {% call box() %}");
          }
          List<Stmt> body = body("endcall");
          return new Stmt.CallBlock(line, signature(parameters, outer), call, body);
        });
  }

  private Signature signature(List<Stmt.Parameter> parameters, Set<String> outer) {
    Set<String> read = macroNames.end(outer);
    return new Signature(
        parameters, read.contains("varargs"), read.contains("kwargs"), read.contains("caller"));
  }

  private List<Stmt.Parameter> parameters() {
    List<Stmt.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.atOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = assignable();
      Optional<Expr> value =
          tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      if (value.isEmpty()
          && !parameters.isEmpty()
          && parameters.getLast().defaultValue().isPresent()) {
        throw tokens.fail("the parameter \"%s\" needs a default too".formatted(name));
      }
      parameters.add(new Stmt.Parameter(name, value));
    }
    tokens.next();
    return List.copyOf(parameters);
  }

  private Stmt filterBlock(int line) {
    List<Expr.FilterCall> filters = new ArrayList<>(List.of(expressions.filter()));
    filters.addAll(expressions.filters());
    return new Stmt.FilterBlock(line, List.copyOf(filters), body("endfilter"));
  }

  private Stmt block() {
    String name = tokens.expect(Kind.NAME, "the name of the block").text();
    tokens.skipName("scoped");
    Stmt block = outsideLoops(() -> new Stmt.Scoped(body("endblock")));
    tokens.skipName(name);
    return block;
  }

  /** A name, or names with commas between them; with {@code namespaces} also {@code ns.name}. */
  private Target target(boolean namespaces) {
    List<Target> targets = new ArrayList<>();
    boolean comma = false;
    while (!tokens.atName("in") && !tokens.at(Kind.BLOCK_END)) {
      targets.add(singleTarget(namespaces));
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    if (targets.isEmpty()) {
      throw tokens.unexpected("a name to assign to");
    }
    return comma ? new Stmt.TupleTarget(List.copyOf(targets)) : targets.getFirst();
  }

  private Target singleTarget(boolean namespaces) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = target(namespaces);
      tokens.expectOperator(")");
      tokens.leave();
      return inner;
    }
    String name = assignable();
    if (namespaces && tokens.skipOperator(".")) {
      return new Stmt.AttributeTarget(name, tokens.expect(Kind.NAME, "a name").text());
    }
    return new Stmt.NameTarget(name);
  }

  private String assignable() {
    String name = tokens.expect(Kind.NAME, "a name to assign to").text();
    if (CONSTANTS.contains(name)) {
      throw tokens.fail("\"%s\" cannot be assigned to".formatted(name));
    }
    return name;
  }
}
