package io.kvasir.kv;

import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.codec.JointFormat;
import io.kvasir.kv.codec.RawPage;
import io.kvasir.kv.codec.RowSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Codecs that lose nothing but use every joint that a real one may need. */
final class TestCodecs {
  static final Methods METHODS = Methods.with(List.of(Together.class, TestBudgets.Ada.class));

  private TestCodecs() {}

  /**
   * Keys before rotation and values in f32, of all heads of some layers together, coded by
   * sixteens; a prompt all at once where {@code prompt} is 1.
   */
  @KvMethod(value = "test-together", summary = "joints", source = "this test", cost = "none")
  record Together(
      @Param(value = "2", min = 1, max = 8, doc = "layers of a group") int layers,
      @Param(value = "0", min = 0, max = 1, doc = "whether prompts are sealed at once") int prompt)
      implements Codec {
    @Override
    public Optional<JointFormat> keysTogether(List<KvHead> heads) {
      return Optional.of(
          new Floats(heads, heads.getFirst().layer().shape().keyDim(), prompt > 0, true));
    }

    @Override
    public Optional<JointFormat> valuesTogether(List<KvHead> heads) {
      return Optional.of(
          new Floats(heads, heads.getFirst().layer().shape().valueDim(), prompt > 0, false));
    }

    @Override
    public int mostLayersTogether() {
      return layers;
    }
  }

  /** [member][slot][D] in f32; remembers the rows of the first {@link #fit}. */
  static final class Floats implements JointFormat {
    private static final int ROWS = 64;
    private final List<KvHead> heads;
    private final int dim;
    private final boolean promptAtOnce;
    private final boolean keys;
    final List<Integer> fitted = new ArrayList<>();

    Floats(List<KvHead> heads, int dim, boolean promptAtOnce, boolean keys) {
      this.heads = heads;
      this.dim = dim;
      this.promptAtOnce = promptAtOnce;
      this.keys = keys;
    }

    @Override
    public int members() {
      return heads.size();
    }

    @Override
    public int dim() {
      return dim;
    }

    @Override
    public long pageBytes() {
      return 4L * ROWS * dim * members();
    }

    @Override
    public boolean unrotated() {
      return keys;
    }

    @Override
    public int sealable(int rawRows) {
      return rawRows - rawRows % 16;
    }

    @Override
    public boolean sealsPromptAtOnce() {
      return promptAtOnce;
    }

    @Override
    public void fit(RowSource rows) {
      fitted.add(rows.rows());
    }

    @Override
    public void encode(RawPage[] rows, MemorySegment page, int slot) {
      for (int m = 0; m < rows.length; m++) {
        int n = rows[m].rows() * dim;
        MemorySegment.copy(rows[m].values(), 0, page, ValueLayout.JAVA_FLOAT, at(m, slot), n);
      }
    }

    @Override
    public void decode(int member, MemorySegment page, int slot, RawPage out) {
      int n = out.rows() * dim;
      MemorySegment.copy(page, ValueLayout.JAVA_FLOAT, at(member, slot), out.values(), 0, n);
    }

    @Override
    public void floats(int member, MemorySegment page, MemorySegment room) {
      for (int slot = 0; slot < ROWS; slot++) {
        for (int d = 0; d < dim; d++) {
          float x = page.get(ValueLayout.JAVA_FLOAT, at(member, slot) + 4L * d);
          room.setAtIndex(
              ValueLayout.JAVA_FLOAT, keys ? (long) d * ROWS + slot : slot * dim + d, x);
        }
      }
    }

    private long at(int member, int slot) {
      return 4L * dim * ((long) member * ROWS + slot);
    }
  }
}
