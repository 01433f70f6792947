package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Amount;
import io.kvasir.kv.PlanSyntax.Name;
import io.kvasir.kv.PlanSyntax.Value;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One parameter between plan text and the component of its method's record. A {@code double} whose
 * default is written as a percent is a share: it is read as {@code 50%} or {@code 0.5} and printed
 * as the former.
 */
final class ParamType {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final RecordComponent component;
  private final Param param;
  private final String name;

  private ParamType(RecordComponent component, Param param) {
    this.component = component;
    this.param = param;
    this.name = param.name().isEmpty() ? component.getName() : param.name();
    component.getAccessor().setAccessible(true); // records of methods are package-private
  }

  /**
   * @throws KvPlanException when the component has no {@link Param} or a type that no text has
   */
  static ParamType of(String method, RecordComponent component) {
    Param param = component.getAnnotation(Param.class);
    if (param == null) {
      throw new KvPlanException(
          "%s: the component %s has no @Param".formatted(method, component.getName()));
    }
    ParamType type = new ParamType(component, param);
    if (!type.isWhole() && !type.isDouble() && !type.isEnum() && type.role().isEmpty()) {
      throw new KvPlanException(
          "%s: %s is a %s; expected int, long, double, an enum or the interface of a role"
              .formatted(method, type.name, component.getType().getSimpleName()));
    }
    return type;
  }

  String name() {
    return name;
  }

  ParamInfo info() {
    return new ParamInfo(name, expects(), param.value(), param.doc());
  }

  Object standard(String method, Methods methods) {
    return read(method, PlanParser.value(param.value()), methods);
  }

  Object read(String method, Value value, Methods methods) {
    Optional<Role> role = role();
    if (role.isPresent()) {
      return method(method, value, role.get(), methods);
    }
    if (isEnum()) {
      return constant(method, value);
    }
    BigDecimal number = number(method, value);
    return isDouble() ? (Object) number.doubleValue() : whole(number);
  }

  /** The component of {@code owner} as plan text that {@link #read} takes back. */
  String print(Record owner) {
    Object value = valueIn(owner);
    return switch (value) {
      case Double number when isShare() -> plain(decimal(number).multiply(HUNDRED)) + "%";
      case Double number -> plain(decimal(number));
      case Enum<?> constant -> word(constant);
      case Record method -> RecordText.print(method);
      default -> value.toString();
    };
  }

  private Object valueIn(Record owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(owner.getClass() + " does not give its " + name, e);
    }
  }

  private Object method(String method, Value value, Role role, Methods methods) {
    if (!(value instanceof Name written)) {
      throw wrong(method, value, "is not one of the " + role + "s");
    }
    if (written.call().args().stream().anyMatch(arg -> arg.key().equals("keep"))) {
      throw wrong(method, value, "names keep, which stands on the outermost method");
    }
    MethodType inner = methods.type(written.call().name(), value.written());
    if (inner.role() != role) {
      throw wrong(method, value, "is a %s; expected a %s".formatted(inner.role(), role));
    }
    return inner.read(written.call(), methods);
  }

  private Object constant(String method, Value value) {
    return constants().stream()
        .filter(constant -> word(constant).equals(value.written()))
        .findFirst()
        .orElseThrow(() -> wrong(method, value, "is not one of " + choices()));
  }

  private BigDecimal number(String method, Value value) {
    boolean read =
        value instanceof Amount written && (written.plain() || written.percent() && isShare());
    if (!read) {
      throw wrong(method, value, "is not a " + kind());
    }
    Amount written = (Amount) value;
    BigDecimal number = written.percent() ? written.number().movePointLeft(2) : written.number();
    if (isWhole() && number.stripTrailingZeros().scale() > 0) {
      throw wrong(method, value, "is not a " + kind());
    }
    if (param.oneOf().length > 0) {
      if (Arrays.stream(param.oneOf()).noneMatch(n -> isEqual(number, BigDecimal.valueOf(n)))) {
        throw wrong(method, value, "is not one of " + choices());
      }
    } else if (number.compareTo(min()) < 0 || number.compareTo(max()) > 0) {
      throw wrong(method, value, "is out of range; expected " + missed(number));
    }
    return number;
  }

  private static boolean isEqual(BigDecimal a, BigDecimal b) {
    return a.compareTo(b) == 0;
  }

  private Object whole(BigDecimal number) {
    return component.getType() == int.class
        ? (Object) number.intValueExact()
        : (Object) number.longValueExact();
  }

  private KvPlanException wrong(String method, Value value, String what) {
    return new KvPlanException(
        "%s: %s=%s %s".formatted(method, name, Quote.bare(value.written()), what));
  }

  private String expects() {
    Optional<Role> role = role();
    if (role.isPresent()) {
      return role.get() + ", with its own parameters";
    }
    if (isEnum() || param.oneOf().length > 0) {
      return "one of " + choices();
    }
    String range = range();
    return range.isEmpty() ? kind() : kind() + ", " + range;
  }

  private String kind() {
    return isWhole() ? "whole number" : isShare() ? "share such as 50%" : "number";
  }

  private String choices() {
    return isEnum()
        ? constants().stream().map(ParamType::word).collect(Collectors.joining(", "))
        : Arrays.stream(param.oneOf()).mapToObj(Long::toString).collect(Collectors.joining(", "));
  }

  /** The range that the method declares; "" when it declares none. */
  private String range() {
    boolean below = Double.isFinite(param.min());
    boolean above = Double.isFinite(param.max());
    if (below && above) {
      return shown(min()) + " to " + shown(max());
    }
    return below ? "at least " + shown(min()) : above ? "at most " + shown(max()) : "";
  }

  /** What a number outside of {@link #min} and {@link #max} should have been. */
  private String missed(BigDecimal number) {
    if (Double.isFinite(param.min()) && Double.isFinite(param.max())) {
      return range();
    }
    return number.compareTo(min()) < 0 ? "at least " + shown(min()) : "at most " + shown(max());
  }

  private String shown(BigDecimal bound) {
    return isShare() ? plain(bound.multiply(HUNDRED)) + "%" : plain(bound);
  }

  private BigDecimal min() {
    return Double.isFinite(param.min()) ? decimal(param.min()) : smallest();
  }

  private BigDecimal max() {
    return Double.isFinite(param.max()) ? decimal(param.max()) : largest();
  }

  private BigDecimal smallest() {
    Class<?> type = component.getType();
    return type == int.class
        ? BigDecimal.valueOf(Integer.MIN_VALUE)
        : type == long.class ? BigDecimal.valueOf(Long.MIN_VALUE) : decimal(-Double.MAX_VALUE);
  }

  private BigDecimal largest() {
    Class<?> type = component.getType();
    return type == int.class
        ? BigDecimal.valueOf(Integer.MAX_VALUE)
        : type == long.class ? BigDecimal.valueOf(Long.MAX_VALUE) : decimal(Double.MAX_VALUE);
  }

  private boolean isWhole() {
    return component.getType() == int.class || component.getType() == long.class;
  }

  private boolean isDouble() {
    return component.getType() == double.class;
  }

  private boolean isShare() {
    return isDouble() && param.value().endsWith("%");
  }

  private boolean isEnum() {
    return component.getType().isEnum();
  }

  private Optional<Role> role() {
    return Arrays.stream(Role.values())
        .filter(role -> role.contract() == component.getType())
        .findFirst();
  }

  private List<Enum<?>> constants() {
    return Arrays.stream(component.getType().getEnumConstants())
        .<Enum<?>>map(constant -> (Enum<?>) constant)
        .toList();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The shortest decimal that reads back as {@code number}. */
  private static BigDecimal decimal(double number) {
    return BigDecimal.valueOf(number);
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
