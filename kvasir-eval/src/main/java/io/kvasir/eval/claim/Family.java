package io.kvasir.eval.claim;

import java.util.List;

/**
 * The claims of one file: they are judged together.
 *
 * @param name of the file, without its ending
 */
public record Family(String name, List<Claim> claims) {
  public Family {
    claims = List.copyOf(claims);
  }
}
