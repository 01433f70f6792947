package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The many queries of a prompt give the bits that few queries give. */
class PromptBlockTest {
  private static final int TOKENS = 700; // more than one group of pages, the last one not full
  private static final int KV_HEADS = 2;

  @ParameterizedTest
  @CsvSource({
    "f16,1,64,0",
    "f16,3,64,0",
    "f32,4,80,0",
    "f16,6,96,0",
    "f32,7,64,0",
    "q8,3,64,0",
    "kivi(bits=2),3,64,0",
    "kivi(bits=4),2,96,0",
    "f16,3,64,100",
    "f32,7,128,65",
    "q4,5,64,0"
  })
  void aBlockGivesTheBitsOfFewQueries(String plan, int group, int dim, int window) {
    LayerShape layer =
        new LayerShape(group * KV_HEADS, KV_HEADS, dim, dim, window, 1 / (float) Math.sqrt(dim));
    try (ToyModel model = new ToyModel(9, 1, layer);
        KvCache cache = model.cache(plan)) {
      for (int done = 0; done < TOKENS; ) {
        int rows = cache.rowsAtOnce(TOKENS - done);
        model.step(rows, cache);
        done += rows;
      }
      assertSameBits(cache.layer(0), layer, TOKENS);
    }
  }

  @Test
  void biasesCount() {
    LayerShape layer = LayerShape.full(6, KV_HEADS, 64);
    try (ToyModel model = new ToyModel(9, 1, layer);
        KvCache cache = model.cache("f16")) {
      model.step(TOKENS, cache);
      for (HeadStore head : cache.layer(0).heads()) {
        head.rewrite(100, new float[64], new float[64], 1.5f);
        head.rewrite(600, new float[64], new float[64], 0.5f);
      }
      assertSameBits(cache.layer(0), layer, TOKENS);
    }
  }

  @Test
  void headsMayHoldDifferentPairs() {
    LayerShape layer = LayerShape.full(6, KV_HEADS, 64);
    try (ToyModel model = new ToyModel(9, 1, layer);
        KvCache cache = model.cache("f16")) {
      model.step(TOKENS, cache);
      cache
          .layer(0)
          .heads()[0]
          .retain(new Random(3).ints(0, TOKENS).limit(500).sorted().distinct().toArray());
      cache.layer(0).heads()[1].retain(new int[] {0, 5, TOKENS - 1});
      assertSameBits(cache.layer(0), layer, TOKENS);
    }
  }

  @Test
  void rowsOfABlockFillTiles() {
    assertThat(List.of(1, 2, 3, 4, 5, 6, 7, 8).stream().map(PromptBlock::rowsAtOnce))
        .containsExactly(48, 24, 16, 12, 6, 8, 6, 6);
  }

  /** The last rows of a sequence, as a block, and one by one. */
  private static void assertSameBits(LayerStore store, LayerShape layer, int tokens) {
    int rows = PromptBlock.rowsAtOnce(layer.groupSize()) - 1; // the last tile is padded
    float[] q = new float[rows * layer.queryHeads() * layer.keyDim()];
    Random random = new Random(4);
    for (int i = 0; i < q.length; i++) {
      q[i] = (float) random.nextGaussian() * 2;
    }
    float[] together = new float[q.length];
    float[] alone = new float[q.length];
    for (int g = 0; g < KV_HEADS; g++) {
      attend(block(store, g, 0, rows, tokens), q, together);
      for (int r = 0; r < rows; r++) {
        attend(block(store, g, r, 1, tokens - rows + r + 1), q, alone);
      }
    }
    assertThat(together).isEqualTo(alone);
  }

  private static AttentionBlock block(LayerStore store, int g, int row, int rows, int end) {
    return new AttentionBlock(
        store, g, row, rows, end - rows, Arithmetic.EXACT, AttentionBlock.ALL_PAGES);
  }

  private static void attend(AttentionBlock block, float[] q, float[] out) {
    AttentionScratch scratch = new AttentionScratch();
    block.prepare(q, scratch);
    scratch.total.reset(block);
    for (int group = 0; group < block.groups(); group++) {
      scratch.part.reset(block);
      if (block.rows() == 1) {
        block.attend(group, scratch, scratch.part);
      } else {
        new PromptBlock(block).attend(group, scratch, scratch.part);
      }
      scratch.total.merge(scratch.part);
    }
    block.finish(scratch.total, scratch, new float[0], out);
  }
}
