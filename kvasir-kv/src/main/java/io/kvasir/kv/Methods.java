package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Call;
import io.kvasir.kv.PlanSyntax.Part;
import io.kvasir.kv.budget.Budgets;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.codec.Codecs;
import io.kvasir.kv.merge.Mergers;
import io.kvasir.kv.read.Readers;
import io.kvasir.kv.reuse.Reuses;
import io.kvasir.kv.score.Scorers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The catalogue of methods, in the order of roles and, within a role, of its registry. Immutable.
 */
public final class Methods {
  private final Map<String, MethodType> types;
  private final List<MethodInfo> infos;

  /** Made once, on first use; a wrong provider is refused each time, not only the first. */
  private static final class Installed {
    static final Supplier<Methods> ALL = load(Methods.class.getClassLoader());
  }

  private static final class BuiltIn {
    static final Methods ALL = new Methods(registries());
  }

  private Methods(List<Class<?>> classes) {
    Map<String, MethodType> named = new LinkedHashMap<>();
    for (Class<?> type : classes) {
      MethodType method = MethodType.of(type);
      if (named.putIfAbsent(method.name(), method) != null) {
        throw new KvPlanException(
            "%s: the method name %s is taken".formatted(type.getName(), Quote.of(method.name())));
      }
    }
    types = named;
    infos =
        Stream.of(Role.values())
            .flatMap(role -> types.values().stream().filter(type -> type.role() == role))
            .map(type -> type.info(this))
            .toList();
  }

  /**
   * The methods of this tree and those that {@link KvMethodProvider}s bring.
   *
   * @throws KvPlanException when a provider brings something that is not a method, or a taken name
   */
  public static Methods all() {
    return Installed.ALL.get();
  }

  /** The methods of this tree alone. */
  public static Methods builtIn() {
    return BuiltIn.ALL;
  }

  /** The methods of this tree and {@code more}. */
  static Methods with(List<Class<?>> more) {
    List<Class<?>> classes = new ArrayList<>(registries());
    classes.addAll(more);
    return new Methods(classes);
  }

  static Supplier<Methods> load(ClassLoader loader) {
    try {
      List<Class<?>> more = new ArrayList<>();
      ServiceLoader.load(KvMethodProvider.class, loader).forEach(p -> more.addAll(p.methods()));
      Methods methods = with(more);
      return () -> methods;
    } catch (KvPlanException | ServiceConfigurationError e) {
      String reason = "a provider of methods was refused: " + e.getMessage();
      return () -> {
        throw new KvPlanException(reason);
      };
    }
  }

  private static List<Class<?>> registries() {
    List<Class<?>> classes = new ArrayList<>();
    classes.addAll(Scorers.ALL);
    classes.addAll(Budgets.ALL);
    classes.addAll(Mergers.ALL);
    classes.addAll(Codecs.ALL);
    classes.addAll(Readers.ALL);
    classes.addAll(Reuses.ALL);
    return classes;
  }

  public List<MethodInfo> list() {
    return infos;
  }

  /**
   * @throws KvPlanException when no method has this name; the sentence gives the nearest
   */
  public MethodInfo find(String name) {
    return type(name, name).info(this);
  }

  /**
   * The method that a text names, its parameters with it, to be calibrated.
   *
   * @throws KvPlanException when the text is wrong, or the method has nothing to learn
   */
  public Calibrated calibrated(String text) {
    List<Part> parts = PlanParser.plan(text);
    Call call = parts.getFirst().call();
    Record method = type(call.name(), text).read(call, this);
    if (parts.size() == 1 && method instanceof Calibrated calibrated) {
      return calibrated;
    }
    List<String> known =
        infos.stream().filter(MethodInfo::calibrated).map(MethodInfo::name).toList();
    throw new KvPlanException(
        "%s is not calibrated; expected one of %s"
            .formatted(Quote.of(text), String.join(", ", known)));
  }

  /** The method called {@code name} in {@code text}, which a refusal quotes. */
  MethodType type(String name, String text) {
    MethodType type = types.get(name);
    if (type == null) {
      throw unknown(name, text);
    }
    return type;
  }

  /** The method that stands for a role which a plan does not mention. */
  Record neutral(Role role) {
    String name = role.neutral().orElseThrow();
    return type(name, name).read(new Call(name, List.of()), this);
  }

  private KvPlanException unknown(String name, String text) {
    List<String> near =
        Nearest.to(name, types.keySet()).stream()
            .map(known -> known + " (" + type(known, known).role() + ")")
            .toList();
    return new KvPlanException(
        "unknown method %s%s%s. All: kvasir kv list"
            .formatted(
                Quote.of(name),
                name.equals(text) ? "" : " in " + Quote.of(text),
                near.isEmpty() ? "" : "; nearest: " + String.join(", ", near)));
  }
}
