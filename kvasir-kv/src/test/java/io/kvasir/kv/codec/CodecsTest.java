package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.Param;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodecsTest {
  /** SmolLM2-135M: 30 layers of 3 KV heads of D = 64, in f16. */
  private static final double F16_BYTES_PER_TOKEN = 23_040;

  @Test
  void everyCodecIsARecordWhoseComponentsAreParameters() {
    for (Class<? extends Codec> type : Codecs.ALL) {
      assertThat(type.isRecord()).as(type.getName()).isTrue();
      assertThat(type.getAnnotation(KvMethod.class)).as(type.getName()).isNotNull();
      for (RecordComponent component : type.getRecordComponents()) {
        assertThat(component.getAnnotation(Param.class)).as(component.toString()).isNotNull();
      }
    }
    assertThat(Codecs.ALL.stream().map(type -> type.getAnnotation(KvMethod.class).value()))
        .doesNotHaveDuplicates()
        .contains("f32", "f16", "kivi");
  }

  @Test
  void costsOfAPairAreThoseOfTheTable() {
    assertThat(pairBytes(new F16(), 64)).isEqualTo(256);
    assertThat(pairBytes(new Q8(), 64)).isEqualTo(132);
    assertThat(pairBytes(new Q4(), 64)).isEqualTo(72);
    assertThat(pairBytes(new GgmlQ8(), 64)).isEqualTo(136);
    assertThat(pairBytes(new GgmlQ4(), 64)).isEqualTo(72);
    assertThat(pairBytes(new Kivi(4, 32, 32), 64)).isEqualTo(80);
    assertThat(pairBytes(new Kivi(2, 32, 32), 64)).isEqualTo(48);
    assertThat(pairBytes(new Kivi(2, 64, 64), 128)).isEqualTo(80);
  }

  @Test
  void nearEightThousandTokensTheWholeCacheIsAsSmallAsPromised() {
    for (int tokens : List.of(7_800, 7_999, 8_000, 8_127, 8_191, 8_192)) {
      assertThat(ofF16(new Q8(), tokens)).isBetween(0.51, 0.525);
      assertThat(ofF16(new Q4(), tokens)).isBetween(0.28, 0.285);
      assertThat(ofF16(new Kivi(2, 32, 32), tokens)).isBetween(0.18, 0.195);
      assertThat(ofF16(new Kivi(2, 32, 128), tokens)).isBetween(0.19, 0.205);
    }
  }

  private static double pairBytes(Codec codec, int dim) {
    return (codec.keys(dim).pageBytes() + codec.values(dim).pageBytes()) / (double) PageFormat.ROWS;
  }

  /** Whole pages and the raw rows of the windows, as a part of the f16 cache of as many tokens. */
  private static double ofF16(Codec codec, int tokens) {
    long bytes = held(codec.keys(64), tokens) + held(codec.values(64), tokens);
    return 90 * bytes / (F16_BYTES_PER_TOKEN * tokens);
  }

  private static long held(PageFormat format, int tokens) {
    int coded = format.sealable(tokens);
    long pages = (coded + PageFormat.ROWS - 1) / PageFormat.ROWS;
    return pages * format.pageBytes() + (tokens - coded) * 2L * format.dim();
  }
}
