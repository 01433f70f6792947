package io.kvasir.kv.codec;

import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.Param;
import java.util.List;
import java.util.Optional;

/**
 * xKV: the keys of adjacent layers, side by side, lie in a space of few dimensions, though those of
 * one layer alone do not; so do the values. One truncated SVD a group of layers, made of each
 * prompt, gives every token coordinates that its layers share.
 *
 * <p>Paper: Chang et al. 2025, arXiv:2503.18893. Code: abdelfattah-lab/xKV.
 *
 * <p>Each row of {@code M = [K_l | K_l+1 | ..]}, [N][layers x G x D], is a token; {@code M ~ A B}
 * with B the {@code rank} leading right singular vectors, found by {@link LeadingAxes}. A is stored
 * for each token, B for the prompt. Later tokens stay raw until there are {@value #RESIDUAL}, and
 * are then projected on the prompt's B. Layout: {@link LowRank}.
 *
 * <p>Cost: 2 (rank + rank-v) bytes per token and group of layers, against 4 x layers x G x D; and
 * for the prompt 4 (rank + rank-v) x layers x G (D + D padded) bytes a group. A page of keys is
 * decoded for each head, which takes 64 x rank x D multiplications.
 */
@KvMethod(
    value = "xkv",
    summary = "adjacent layers share coordinates in one low-rank space, found for each prompt",
    about =
        "Strong directions of the caches of adjacent layers agree. One basis serves a group "
            + "of layers, found by singular value decomposition of the prompt itself, and a token's "
            + "coordinates are stored once for all of them. Pays for long prompts, where many "
            + "tokens share the basis. Layers share the coordinates, so plans that drop pairs are "
            + "refused.",
    source = "Chang et al. 2025, arXiv:2503.18893; abdelfattah-lab/xKV",
    cost =
        "2 (rank + rank-v) / (layers G) bytes per pair; bases of 8 (rank + rank-v) layers G D bytes"
            + " a group of layers and prompt",
    formula = "[K_l | .. | K_l+n-1] = A B, B the leading right singular vectors of the prompt",
    differs =
        "decoded tokens are projected on the prompt's basis, by 128 (authors: never compressed); a"
            + " prompt of no more tokens than rank stays as it is")
record Xkv(
    @Param(value = "4", min = 1, max = 64, doc = "adjacent layers of a group") int layers,
    @Param(value = "96", min = 16, max = 4096, doc = "dimensions of keys; a multiple of 16")
        int rank,
    @Param(
            value = "144",
            name = "rank-v",
            min = 16,
            max = 4096,
            doc = "dimensions of values; a multiple of 16")
        int rankV)
    implements Codec {
  private static final int RESIDUAL = 128;

  @Override
  public int mostLayersTogether() {
    return layers;
  }

  @Override
  public Optional<JointFormat> keysTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().keyDim();
    return Optional.of(rows(LowRank.Side.KEYS, heads.size(), dim, rank));
  }

  @Override
  public Optional<JointFormat> valuesTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().valueDim();
    return Optional.of(rows(LowRank.Side.VALUES, heads.size(), dim, rankV));
  }

  /** One side of one group. */
  private static LowRank rows(LowRank.Side side, int members, int dim, int rank) {
    return new LowRank(
        "xkv",
        side,
        members,
        dim,
        rank,
        false,
        prompt -> new LeadingAxes(members * dim).add(prompt, members, dim).basis(rank),
        true,
        (raw, fitted) -> sealable(raw, fitted, rank));
  }

  private static int sealable(int rawRows, boolean fitted, int rank) {
    if (fitted) {
      return rawRows - rawRows % RESIDUAL;
    }
    return rawRows > rank ? rawRows : 0;
  }
}
