package io.kvasir.cli;

import io.kvasir.kv.KvPlan;
import picocli.CommandLine.Option;

/** The option that names what happens to the cache. */
final class KvArguments {
  @Option(
      names = "--kv",
      paramLabel = "PLAN",
      defaultValue = "f16",
      description =
          "What happens to the key-value cache, for example \"snapkv(keep=25%%) | q8\"; default"
              + " ${DEFAULT-VALUE}. The methods: kvasir kv list.")
  private String plan = "f16";

  /**
   * @throws io.kvasir.kv.KvPlanException when the text is no plan
   */
  KvPlan plan() {
    return KvPlan.parse(plan);
  }
}
