package io.kvasir.kv.codec;

import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.GroupSums;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** The keys of one head among those that are coded together. */
public record MemberKeys(JointFormat joint, int member) implements KeyFormat {
  @Override
  public int dim() {
    return joint.dim();
  }

  @Override
  public long pageBytes() {
    return joint.pageBytes();
  }

  @Override
  public long firstPageBytes() {
    return joint.firstPageBytes();
  }

  @Override
  public long scaleBytes() {
    return joint.scaleBytes();
  }

  @Override
  public int group() {
    return joint.group();
  }

  @Override
  public int sealable(int rawRows) {
    return joint.sealable(rawRows);
  }

  @Override
  public boolean sealsPromptAtOnce() {
    return joint.sealsPromptAtOnce();
  }

  @Override
  public void fit(RowSource rows) {
    joint.fit(rows);
  }

  @Override
  public long sideBytes(int rows) {
    return joint.sideBytes(rows);
  }

  @Override
  public boolean movable() {
    return joint.movable();
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    joint.move(from, slot, to, target);
  }

  @Override
  public boolean unrotated() {
    return joint.unrotated();
  }

  @Override
  public int roomFloats() {
    return joint.roomFloats();
  }

  @Override
  public boolean onFloats() {
    return true;
  }

  @Override
  public boolean roundsOnCodes() {
    return joint.roundsOnCodes();
  }

  @Override
  public void roundedScores(
      float[] queries, int count, MemorySegment page, int rows, float[] out, GroupSums sums) {
    Arrays.fill(out, 0, FloatTile.padded(count) * ROWS, 0f);
    joint.addRounded(member, queries, count, page, out, sums);
  }

  /** Encodes the rows of a head that is coded for itself. */
  @Override
  public void encode(RawPage rows, MemorySegment page, int slot) {
    joint.encode(new RawPage[] {rows}, page, slot);
  }

  @Override
  public void decode(MemorySegment page, int slot, RawPage out) {
    joint.decode(member, page, slot, out);
  }

  @Override
  public Optional<MemorySegment> floats(MemorySegment page, MemorySegment room) {
    joint.floats(member, page, room);
    return Optional.of(room);
  }
}
