package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Call;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.score.Scorer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A method's record: its name, its role, and the way between plan text and instances. */
final class MethodType {
  private final KvMethod about;
  private final Role role;
  private final RecordText text;

  private MethodType(KvMethod about, Role role, RecordText text) {
    this.about = about;
    this.role = role;
    this.text = text;
  }

  /**
   * @throws KvPlanException when the class is not what {@link KvMethod} asks for
   */
  static MethodType of(Class<?> type) {
    KvMethod about = about(type);
    if (!about.value().matches("[a-z0-9_-]+")) {
      throw new KvPlanException(
          "%s: the name %s may have only a-z, 0-9, - and _"
              .formatted(type.getName(), Quote.of(about.value())));
    }
    List<Role> roles =
        Arrays.stream(Role.values()).filter(r -> r.contract().isAssignableFrom(type)).toList();
    if (!type.isRecord() || roles.size() != 1) {
      throw new KvPlanException(
          "%s: expected a record that implements the interface of one role"
              .formatted(type.getName()));
    }
    RecordText text = new RecordText(about.value(), type.asSubclass(Record.class));
    return new MethodType(about, roles.getFirst(), text);
  }

  static KvMethod about(Class<?> type) {
    KvMethod about = type.getAnnotation(KvMethod.class);
    if (about == null) {
      throw new KvPlanException(type.getName() + ": has no @KvMethod");
    }
    return about;
  }

  String name() {
    return about.value();
  }

  Role role() {
    return role;
  }

  List<String> paramNames() {
    return text.params().stream().map(ParamInfo::name).toList();
  }

  Record read(Call call, Methods methods) {
    return text.read(call, methods);
  }

  MethodInfo info(Methods methods) {
    Record standard = read(new Call(name(), List.of()), methods);
    Set<Signals.Kind> signals =
        standard instanceof Scorer scorer ? scorer.needs().kinds() : Set.of();
    return new MethodInfo(
        name(),
        role,
        about.summary(),
        about.about(),
        about.source(),
        about.cost(),
        about.formula(),
        about.differs(),
        signals,
        standard instanceof Calibrated,
        text.params());
  }
}
