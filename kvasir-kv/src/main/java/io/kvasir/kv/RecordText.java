package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Arg;
import io.kvasir.kv.PlanSyntax.Call;
import io.kvasir.kv.PlanSyntax.Value;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A record between its plan text, {@code name(key=value,...)}, and an instance. */
final class RecordText {
  private final String name;
  private final Constructor<?> constructor;
  private final List<ParamType> params;

  /**
   * @throws KvPlanException when a component of the record cannot be written as plan text
   */
  RecordText(String name, Class<? extends Record> type) {
    this.name = name;
    RecordComponent[] components = type.getRecordComponents();
    params = Arrays.stream(components).map(component -> ParamType.of(name, component)).toList();
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has a canonical constructor", e);
    }
    constructor.setAccessible(true); // records of methods are package-private
  }

  List<ParamInfo> params() {
    return params.stream().map(ParamType::info).toList();
  }

  /** Makes the record that {@code call} describes; what it leaves out has its default. */
  Record read(Call call, Methods methods) {
    Map<String, Value> given = call.args().stream().collect(Collectors.toMap(Arg::key, Arg::value));
    call.args().forEach(arg -> checkKnown(arg.key()));
    Object[] values =
        params.stream()
            .map(
                param -> {
                  Value value = given.get(param.name());
                  return value == null
                      ? param.standard(name, methods)
                      : param.read(name, value, methods);
                })
            .toArray();
    return make(values);
  }

  private void checkKnown(String key) {
    List<String> known = params.stream().map(ParamType::name).toList();
    if (!known.contains(key)) {
      throw unknown(name, key, known);
    }
  }

  static KvPlanException unknown(String method, String key, List<String> known) {
    if (known.isEmpty()) {
      return new KvPlanException(
          "%s: unknown parameter %s; it takes none".formatted(method, Quote.of(key)));
    }
    List<String> near = Nearest.to(key, known);
    return new KvPlanException(
        "%s: unknown parameter %s%s; known: %s"
            .formatted(
                method,
                Quote.of(key),
                near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                String.join(", ", known)));
  }

  private Record make(Object[] values) {
    try {
      return (Record) constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof KvPlanException refusal) {
        throw refusal;
      }
      throw new KvPlanException(name + ": " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " cannot be made", e);
    }
  }

  /** {@code method} with every parameter; its type has a {@link KvMethod}. */
  static String print(Record method) {
    String name = MethodType.about(method.getClass()).value();
    return new RecordText(name, method.getClass()).print(method, "");
  }

  /** {@code record} with every parameter, after {@code first}, which is "" or {@code key=value}. */
  String print(Record record, String first) {
    String args =
        params.stream()
            .map(param -> param.name() + "=" + param.print(record))
            .collect(Collectors.joining(","));
    String all = first.isEmpty() || args.isEmpty() ? first + args : first + "," + args;
    return all.isEmpty() ? name : name + "(" + all + ")";
  }
}
