package io.kvasir.eval.claim;

import java.util.Optional;

/**
 * A claim before its judge.
 *
 * @param evidence nothing where none could be had
 * @param remark why there is none; else what has to be known to read the verdict
 */
record Trial(Claim claim, Optional<Evidence> evidence, String remark) {
  static Trial impossible(Claim claim, String why) {
    return new Trial(claim, Optional.empty(), why);
  }
}
