package io.kvasir.engine.template;

import io.kvasir.engine.template.Stmt.Parameter;
import io.kvasir.engine.template.Stmt.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A macro, or the body of a call block: renders its body to a text. The body sees the variables
 * where the macro stands, not those of its caller.
 */
record Macro(
    String name, Signature signature, List<Stmt> body, Scope around, Interpreter interpreter)
    implements Callable, HasAttributes {

  @Override
  public Object call(Arguments arguments, Evaluator evaluator) {
    Scope scope = around.inner();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    List<Object> positional = arguments.positional();
    int taken = Math.min(positional.size(), signature.parameters().size());
    List<Parameter> missing = new ArrayList<>();
    for (int i = 0; i < signature.parameters().size(); i++) {
      Parameter parameter = signature.parameters().get(i);
      if (i < taken) {
        scope.set(parameter.name(), positional.get(i));
      } else if (named.containsKey(parameter.name())) {
        scope.set(parameter.name(), named.getOrDefault(parameter.name(), None.NONE));
        named.remove(parameter.name());
      } else {
        missing.add(parameter);
      }
    }
    for (Parameter parameter : missing) { // last: a default may read any parameter
      scope.set(parameter.name(), defaultValue(parameter, scope, evaluator));
    }
    bindSpecial(scope, named, positional.subList(taken, positional.size()));
    return interpreter.capture(body, scope);
  }

  private Object defaultValue(Parameter parameter, Scope scope, Evaluator evaluator) {
    return parameter
        .defaultValue()
        .map(value -> evaluator.evaluate(value, scope))
        .orElseGet(
            () ->
                new Undefined(
                    () -> "parameter \"%s\" was not provided".formatted(parameter.name())));
  }

  private void bindSpecial(Scope scope, Map<String, Object> named, List<Object> rest) {
    if (signature.caller()) {
      Object caller = named.getOrDefault("caller", Undefined.because("no caller is defined"));
      scope.set("caller", caller);
      named.remove("caller");
    }
    if (signature.kwargs()) {
      Dict kwargs = new Dict();
      named.forEach((key, value) -> kwargs.put(key, value, interpreter.budget()));
      scope.set("kwargs", kwargs);
    } else if (!named.isEmpty()) {
      throw new TemplateException(
          "the macro \"%s\" takes no argument \"%s\""
              .formatted(name, named.keySet().iterator().next()));
    }
    if (signature.varargs()) {
      scope.set("varargs", new Tuple(List.copyOf(rest)));
    } else if (!rest.isEmpty()) {
      throw new TemplateException(
          "the macro \"%s\" takes not more than %d arguments"
              .formatted(name, signature.parameters().size()));
    }
  }

  @Override
  public Optional<Object> attribute(String attribute) {
    return switch (attribute) {
      case "name" -> Optional.of(name);
      case "arguments" ->
          Optional.of(
              new Tuple(signature.parameters().stream().map(p -> (Object) p.name()).toList()));
      default -> Optional.empty();
    };
  }
}
