package io.kvasir.eval.claim;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.Keep;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvShape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Moves {@code keep}, and nothing else, until the plans of a claim hold equally many bytes.
 *
 * <p>Bytes are counted in caches that have read a prompt, so that whole pages and uneven budgets
 * are in them. One plan stays as it is, the first with which all others can be made to agree;
 * around the keep that arithmetic suggests, {@value #TRIES} keeps are tried on either side, 2 %
 * apart.
 */
final class Matching {
  /** How far apart two plans may be that count as equal. */
  static final double TOLERANCE = 0.02;

  private static final int TRIES = 6;
  private static final int WHOLE = 10_000; // keeps are written in hundredths of a percent
  private static final Pattern KEEP = Pattern.compile("keep=[^,)]+"); // canonical: the plan's first

  private final Model model;
  private final int[] prompt;
  private final PassListener listener;

  /**
   * @param prompt that caches read, [N]
   */
  Matching(Model model, int[] prompt, PassListener listener) {
    this.model = model;
    this.prompt = prompt;
    this.listener = listener;
  }

  /**
   * Plans of equal bytes.
   *
   * @param plans by name; empty when nothing fits
   * @param remark who holds what
   */
  record Matched(Map<String, KvPlan> plans, String remark) {}

  Matched of(Map<String, Claim.Named> let) {
    String nearest = "";
    for (Claim.Named fixed : let.values()) {
      Map<String, KvPlan> plans = new LinkedHashMap<>();
      List<String> holds = new ArrayList<>();
      long target = bytes(List.of(fixed.plan())).getFirst();
      boolean equal = true;
      for (Map.Entry<String, Claim.Named> entry : let.entrySet()) {
        KvPlan plan = entry.getValue().plan();
        List<KvPlan> tries = plan.equals(fixed.plan()) ? List.of(plan) : tries(plan, fixed, target);
        List<Long> bytes = bytes(tries);
        int best = best(bytes, target);
        plans.put(entry.getKey(), tries.get(best));
        holds.add(
            "%s holds %,d bytes%s"
                .formatted(entry.getKey(), bytes.get(best), keep(tries.get(best))));
        equal &= Math.abs(bytes.get(best) - target) <= TOLERANCE * target;
      }
      if (equal) {
        return new Matched(plans, String.join(", ", holds));
      }
      nearest = nearest.isEmpty() ? String.join(", ", holds) : nearest;
    }
    return new Matched(Map.of(), "bytes do not match to 2 %: " + nearest);
  }

  private static String keep(KvPlan plan) {
    return plan.drops() ? " with keep=" + plan.keep() : "";
  }

  private static int best(List<Long> bytes, long target) {
    return IntStream.range(0, bytes.size())
        .boxed()
        .min((a, b) -> Long.compare(distance(bytes, a, target), distance(bytes, b, target)))
        .orElseThrow();
  }

  private static long distance(List<Long> bytes, int at, long target) {
    return Math.abs(bytes.get(at) - target);
  }

  /** The plan with keeps around the one that should hold {@code target} bytes. */
  private List<KvPlan> tries(KvPlan plan, Claim.Named fixed, long target) {
    if (!plan.drops()) {
      return List.of(plan);
    }
    int share = share(plan, target);
    boolean pairs =
        !(fixed.plan().keep() instanceof Keep.Share); // what grows with the text, or not
    return IntStream.rangeClosed(-TRIES, TRIES)
        .map(step -> Math.clamp((long) share * (100 + 2 * step) / 100, 1, WHOLE))
        .distinct()
        .mapToObj(hundredths -> withKeep(plan, hundredths, pairs))
        .toList();
  }

  private KvPlan withKeep(KvPlan plan, int hundredths, boolean pairs) {
    String keep =
        pairs
            ? String.valueOf(Math.max(1, (long) hundredths * prompt.length / WHOLE))
            : BigDecimal.valueOf(hundredths, 2).toPlainString() + "%";
    String text =
        KEEP.matcher(plan.toString()).replaceFirst(Matcher.quoteReplacement("keep=" + keep));
    return KvPlan.parse(text);
  }

  /** The largest share, in hundredths of a percent, that should not hold more. */
  private int share(KvPlan plan, long target) {
    KvShape shape = model.config().kvShape();
    int low = 1;
    int high = WHOLE;
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      if (Footprint.bytes(withKeep(plan, middle, false), shape, prompt.length) <= target) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** What caches hold that have read the prompt. */
  private List<Long> bytes(List<KvPlan> plans) {
    List<Sequence> sequences = new ArrayList<>();
    try {
      plans.forEach(plan -> sequences.add(model.sequence(plan)));
      model.read(sequences, prompt, listener);
      return sequences.stream().map(sequence -> sequence.cache().bytes()).toList();
    } finally {
      sequences.forEach(Sequence::close);
    }
  }
}
