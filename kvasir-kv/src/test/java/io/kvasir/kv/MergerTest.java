package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.merge.Eviction;
import org.junit.jupiter.api.Test;

class MergerTest {

  /** Folding n equal keys into one with bias ln n and the mean value is exact. */
  @Test
  void aBiasOfLnNStandsForNEqualKeys() {
    try (PagePool pool = new PagePool()) {
      HeadStore pairs = pairs(pool, 4);
      float[] key = {1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
      int[] kept = {0, 3};
      Eviction eviction = new StoreEviction(0, 0, pairs, new float[4], kept);
      float[] mean = new float[16];
      float[] value = new float[16];
      for (int s = 0; s < 3; s++) {
        eviction.readValue(s, value, 0);
        for (int d = 0; d < 16; d++) {
          mean[d] += value[d] / 3;
        }
      }
      eviction.rewrite(0, key, mean, (float) Math.log(3));
      pairs.retain(kept);
      assertThat(pairs.count()).isEqualTo(2);
      assertThat(pairs.position(1)).isEqualTo(3);
      assertThat(pairs.bias(0)).isCloseTo((float) Math.log(3), within(1e-6f));
      assertThat(pairs.bias(1)).isZero();
      float[] left = new float[16];
      new StoreRows(pairs.values()).read(0, left, 0);
      assertThat(left).isEqualTo(mean);
      pairs.release();
    }
  }

  @Test
  void aDroppedPairCannotBeRewritten() {
    try (PagePool pool = new PagePool()) {
      HeadStore pairs = pairs(pool, 4);
      Eviction eviction = new StoreEviction(0, 0, pairs, new float[4], new int[] {0, 3});
      assertThat(eviction.kept(3)).isTrue();
      assertThat(eviction.kept(2)).isFalse();
      assertThatThrownBy(() -> eviction.rewrite(2, new float[16], new float[16], 0))
          .hasMessage("slot 2 is dropped; only kept pairs change");
      pairs.release();
    }
  }

  private static HeadStore pairs(PagePool pool, int count) {
    Codec codec = KvPlan.parse("f32").keyCodec(0);
    HeadStore pairs = new HeadStore(codec.keys(16), codec.values(16), pool, MassColumns.NO_KIND);
    for (int i = 0; i < count; i++) {
      float[] key = new float[16];
      float[] value = new float[16];
      key[0] = 1;
      key[2] = 2;
      value[i] = i + 1;
      pairs.append(key, 0, value, 0, i);
    }
    return pairs;
  }
}
