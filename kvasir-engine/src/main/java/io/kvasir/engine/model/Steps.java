package io.kvasir.engine.model;

import java.util.ArrayList;
import java.util.List;

/** Cuts the tokens of several inputs into steps that pass the layers together. One use. */
final class Steps {
  private final List<Input> inputs;
  private final int[] done;

  Steps(List<Input> inputs) {
    this.inputs = inputs;
    this.done = new int[inputs.size()];
  }

  /** Consecutive tokens of one input that pass together. */
  record Slice(int input, int from, int rows) {}

  /** What passes next, all of the first role that has any left; empty at the end. */
  List<Slice> next() {
    for (Role role : Role.values()) {
      List<Slice> slices = next(role);
      if (!slices.isEmpty()) {
        return slices;
      }
    }
    return List.of();
  }

  /** As many of a role's tokens left as fit a tile and their caches allow; counts them as done. */
  private List<Slice> next(Role role) {
    List<Slice> slices = new ArrayList<>();
    int room = Transformer.TILE;
    for (int i = 0; i < inputs.size() && room > 0; i++) {
      int left = Math.min(room, inputs.get(i).ids().length - done[i]);
      if (inputs.get(i).role() == role && left > 0) {
        int rows = inputs.get(i).cache().rowsAtOnce(left);
        slices.add(new Slice(i, done[i], rows));
        done[i] += rows;
        room -= rows;
      }
    }
    return slices;
  }
}
