package io.kvasir.kv.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pages that broke quantisers: each a name and rows. */
final class CruelPages {
  /** Larger than some codecs can hold; those refuse it. */
  static final float HUGE = 8e6f;

  record Cruel(String name, RawPage page) {
    @Override
    public String toString() {
      return name + " " + page.rows() + "x" + page.dim();
    }
  }

  private CruelPages() {}

  static List<Cruel> of(int rows, int dim) {
    List<Cruel> all = new ArrayList<>();
    Random random = new Random(31L * rows + dim);
    all.add(new Cruel("zeros", RawPage.of(rows, dim)));
    all.add(new Cruel("constant", filled(rows, dim, i -> 5.3f)));
    all.add(new Cruel("negative constant", filled(rows, dim, i -> -0.37f)));
    all.add(new Cruel("normal", filled(rows, dim, i -> (float) random.nextGaussian())));
    all.add(
        new Cruel(
            "outlier channels",
            filled(
                rows,
                dim,
                i -> (float) random.nextGaussian() * (i % dim % 37 == 3 ? 20 : 1) + i % dim % 5)));
    all.add(new Cruel("spike", filled(rows, dim, i -> i == rows * dim / 2 ? 1e4f : i % 7 * 0.1f)));
    all.add(new Cruel("tiny", filled(rows, dim, i -> (float) random.nextGaussian() * 1e-7f)));
    all.add(new Cruel("subnormal", filled(rows, dim, i -> random.nextInt(9) * Float.MIN_VALUE)));
    all.add(new Cruel("huge", filled(rows, dim, i -> i % 3 == 0 ? HUGE : -HUGE)));
    return all;
  }

  interface Fill {
    float at(int i);
  }

  static RawPage filled(int rows, int dim, Fill fill) {
    RawPage page = RawPage.of(rows, dim);
    for (int i = 0; i < rows * dim; i++) {
      page.values()[i] = fill.at(i);
    }
    return page;
  }
}
