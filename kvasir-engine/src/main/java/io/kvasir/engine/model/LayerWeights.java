package io.kvasir.engine.model;

import io.kvasir.kernel.PackedMatrix;
import java.util.Optional;
import java.util.stream.Stream;

/** The weights of one layer, in the order in which a token meets them. */
record LayerWeights(
    Norm attentionNorm, // hidden
    Linear query, // hidden -> H*D
    Linear key, // hidden -> G*D
    Linear value, // hidden -> G*D
    Optional<Norm> queryNorm, // D
    Optional<Norm> keyNorm, // D
    Linear output, // H*D -> hidden
    Optional<Norm> postAttentionNorm, // hidden
    Norm ffnNorm, // hidden
    Linear gate, // hidden -> ffn
    Linear up, // hidden -> ffn
    Linear down, // ffn -> hidden
    Optional<Norm> postFfnNorm) { // hidden

  /** All of its matrices. */
  Stream<PackedMatrix> matrices() {
    return Stream.of(query, key, value, output, gate, up, down).map(Linear::matrix);
  }
}
