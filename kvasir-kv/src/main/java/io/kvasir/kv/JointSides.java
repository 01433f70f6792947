package io.kvasir.kv;

import io.kvasir.kv.codec.JointFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import io.kvasir.kv.codec.RowSource;
import java.util.Arrays;
import java.util.List;

/**
 * Sides whose rows are coded together: the keys, or the values, of all KV heads of one or more
 * layers. A row waits in the window of its side until every side has the row of the same slot; so
 * the first layers of a group wait for the last.
 */
final class JointSides {
  private final JointFormat format;
  private final Group group;
  private final CodedPages codes;
  private final List<? extends Side<?>> sides;

  /**
   * Which sides.
   *
   * @param first number of the first layer in the model
   * @param last number of the last one
   */
  record Group(int first, int last, PagePool.Content content) {
    /** The sides of the group, layer by layer, in the order of {@link JointFormat#members}. */
    List<? extends Side<?>> of(LayerStore[] layers) {
      return Arrays.asList(layers).subList(first, last + 1).stream()
          .flatMap(layer -> Arrays.stream(layer.heads()))
          .map(head -> content == PagePool.Content.KEYS ? head.keys() : head.values())
          .toList();
    }
  }

  JointSides(JointFormat format, Group group, CodedPages codes, LayerStore[] layers) {
    this.format = format;
    this.group = group;
    this.codes = codes;
    this.sides = group.of(layers);
  }

  Group group() {
    return group;
  }

  /** Whether the rows of several layers are coded together. */
  boolean acrossLayers() {
    return group.last() > group.first();
  }

  /** Rows of every side that are to be encoded now. */
  int due() {
    int due = Integer.MAX_VALUE;
    for (Side<?> side : sides) {
      due = Math.min(due, format.sealable(side.raw().count()));
    }
    return due;
  }

  /** Encodes what is due in all sides. */
  void seal() {
    int due = due();
    if (due > 0) {
      format.fit(new Waiting(due));
      for (int left = due; left > 0; ) {
        int rows = Math.min(codes.room(), left);
        int slot = codes.slots() % PageFormat.ROWS;
        RawPage[] pages = sides.stream().map(side -> side.oldest(rows)).toArray(RawPage[]::new);
        format.encode(pages, codes.open(), slot);
        codes.wrote(rows);
        sides.forEach(side -> side.encodedOldest(rows));
        left -= rows;
      }
    }
  }

  /** How many rows may be appended before the next {@link #seal} encodes something; at least 1. */
  int rowsToSeal(int wanted) {
    int rows = wanted;
    for (Side<?> side : sides) {
      rows = side.rowsToSeal(rows);
    }
    return rows;
  }

  /** Bytes of the shared pages, and of what was found beside them. */
  KvBytes bytes() {
    return codes.bytes(format.scaleBytes(), format.sideBytes(codes.slots()));
  }

  /** What {@link #bytes} and the windows of the sides will be after {@code rows} rows. */
  static long bytesFor(JointFormat format, int rows) {
    int sealed = format.sealable(rows);
    long pages = CodedPages.bytesFor(sealed, format.firstPageBytes(), format.pageBytes());
    return pages
        + format.sideBytes(sealed)
        + format.members() * RawWindow.bytesFor(rows - sealed, format.dim());
  }

  /**
   * The same over the layers of a fork.
   *
   * @param copies what its sides have become
   */
  JointSides over(LayerStore[] layers, ForkCopies copies) {
    return new JointSides(copies.of(format), group, copies.of(codes), layers);
  }

  /** The rows of all sides that are about to be encoded. */
  private final class Waiting implements RowSource {
    private final int rows;

    Waiting(int rows) {
      this.rows = rows;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public void read(int member, int row, float[] out, int at) {
      sides.get(member).readOldest(row, out, at);
    }
  }
}
