package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.codec.Codec;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes reported are bytes held: every page and array that a cache's stores can reach. */
class HeldBytesTest {
  private static final LayerShape WINDOW = new LayerShape(6, 2, 64, 64, 100, 0.125f);
  private static final LayerShape FULL = LayerShape.full(6, 2, 64);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f32",
        "q4",
        "k:kivi(bits=2,window=96) | v:q8_0",
        "kivi(bits=4)",
        "gear",
        "minicache(start=1)",
        "freqkv(sinks=4,capacity=100)",
        "kvquant",
        "rotatekv",
        "cskv",
        "knorm(keep=25%,every=20) | rotatekv(bits=3)",
        "h2o(keep=25%,every=8) | cskv(window=1)",
        "knorm(keep=25%,every=40) | kvquant(bits=2,sinks=3)",
        "xkv(layers=2,rank=16,rank-v=32)",
        "snapkv(keep=25%,every=40) | gear(bits=4,group=32)",
        "knorm(keep=10%)",
        "snapkv(keep=25%,every=40) | kivi(bits=2)",
        "h2o(keep=30,every=8) | q8",
        "keyformer(keep=25%,every=20) | kivi(bits=2)",
        "expected-attention(keep=25%,every=20) | q4",
        "test-ada(keep=25%,every=16) | f16",
        "h2o(keep=25%,every=8) | test-global | q4"
      })
  void everyPageAndArrayIsCounted(String plan) {
    try (ToyModel model = new ToyModel(1, 2, FULL, WINDOW, FULL);
        KvCache exact = model.cache(KvPlan.parse(plan, TestBudgets.METHODS));
        KvCache coded = model.cache(KvPlan.parse(plan, TestBudgets.METHODS))) {
      model.prefill(230, 64, exact);
      model.read(new PrefillMode.Chunked(100), 230, coded);
      for (int i = 0; i < 70; i++) {
        assertThat(exact.bytes()).isEqualTo(held(exact));
        assertThat(coded.bytes()).isEqualTo(held(coded));
        model.step(1, exact, coded);
      }
    }
  }

  /** The dictionary is the model's, so it cannot be told from what a sequence holds. */
  @Test
  void atomsOfASequenceAreCounted() {
    KvPlan plan = KvPlan.parse("csr(atoms=2,dictionary=64,online=32)");
    try (ToyModel model = new ToyModel(1, 2, FULL, FULL);
        KvCache without = model.cache("csr(atoms=2,dictionary=64,online=0)");
        KvCache with = model.cache(plan)) {
      model.prefill(100, 64, without, with);
      assertThat(with.bytes() - without.bytes()).isEqualTo(2 * 2 * 32 * 4 * (64 + 64 / 2));
      assertThat(with.bytes()).isEqualTo(Footprint.bytes(plan, model.shape, 100));
      try (KvCache fork = with.fork()) {
        assertThat(model.step(1, fork)[0]).isDeepEqualTo(model.step(1, with)[0]);
      }
    }
  }

  @Test
  void biasesAreCounted() {
    try (ToyModel model = new ToyModel(2, 1, FULL);
        KvCache cache = model.cache("f16")) {
      model.prefill(100, 64, cache);
      long before = cache.bytes();
      cache.layer(0).heads()[1].rewrite(7, new float[64], new float[64], 0.5f);
      assertThat(cache.bytes()).isEqualTo(before + 4 * 128).isEqualTo(held(cache));
    }
  }

  private static long held(KvCache cache) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    long bytes = 0;
    for (int l = 0; l < cache.shape().layers().size(); l++) {
      bytes += held(cache.layer(l), seen);
    }
    return bytes;
  }

  private static long held(Object object, Set<Object> seen) {
    if (object instanceof PagePool || !seen.add(object)) {
      return 0;
    }
    return switch (object) {
      case Page page -> page.memory().byteSize();
      case int[] ints -> 4L * ints.length;
      case float[] floats -> 4L * floats.length;
      case Object[] all -> Arrays.stream(all).mapToLong(o -> held(o, seen)).sum();
      case Optional<?> one -> one.map(o -> held(o, seen)).orElse(0L);
      case Collection<?> all -> all.stream().mapToLong(o -> held(o, seen)).sum();
      case MemorySegment memory -> throw new AssertionError("not in a page: " + memory);
      default -> ofFields(object, seen);
    };
  }

  private static long ofFields(Object object, Set<Object> seen) {
    assertThat(object.getClass().isArray()).as("array of another type").isFalse();
    long bytes = 0;
    Package of = object.getClass().getPackage();
    if (of != KvCache.class.getPackage() && of != Codec.class.getPackage()) {
      return 0; // numbers, rotations: nothing of a sequence
    }
    for (Field field : object.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
        try {
          field.setAccessible(true);
          Object value = field.get(object);
          bytes += value == null ? 0 : held(value, seen);
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return bytes;
  }
}
