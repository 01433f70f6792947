package io.kvasir.kv;

import java.util.List;

/**
 * Brings methods from outside this tree into every plan. Registered through {@link
 * java.util.ServiceLoader}: name the implementing class in {@code
 * META-INF/services/io.kvasir.kv.KvMethodProvider}.
 */
public interface KvMethodProvider {
  /**
   * Records annotated with {@link KvMethod}, each implementing the interface of one {@link Role}. A
   * name that is taken is refused.
   */
  List<Class<?>> methods();
}
