package io.kvasir.kv.budget;

import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Param;
import io.kvasir.kv.Protection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * SCOPE: prompt and answer do not compete. What is kept of the prompt stays for good; of the
 * decoded tokens a window stays, the newest and those that the current query attends to.
 *
 * <p>Paper: Wu et al. 2024 (ACL 2025), arXiv:2412.13649. Code: Linking-ai/SCOPE.
 */
@KvMethod(
    value = "scope",
    summary = "what is kept of the prompt stays, decoded tokens have a window of their own",
    about =
        "A long answer crowds out the prompt where both compete for one cache. Here the "
            + "prompt is compressed once and left alone, and decoded tokens compete for a window of "
            + "their own: the newest, and those that the present query attends to. For long answers "
            + "about long prompts. Goes with every scorer of prompts.",
    source = "Wu et al. 2024 (ACL 2025), arXiv:2412.13649",
    cost = "0 bytes; one more softmax row per query head and cut",
    formula =
        "prompt: keep, by the scorer; t decoded tokens: the newest recent and the best by "
            + "softmax(q_now K) stay, slide: window pairs; adaptive, discontinuous: min(window, recent "
            + "+ t / delta) pairs, delta = (length - recent) / (window - recent)",
    differs =
        "selection per KV head by the group's mean, where the authors select per query head; the "
            + "adaptive window stops at window, which theirs passes by its rounding; keep counts in the "
            + "prompt alone, and keep=100% never drops anything")
record Scope(
    @Param(value = "512", min = 2, max = 1_000_000, doc = "decoded pairs that stay") int window,
    @Param(value = "256", min = 1, max = 1_000_000, doc = "of them, the newest") int recent,
    @Param(value = "slide", doc = "whether the window grows, and whether it is cut at each step")
        Mode mode,
    @Param(value = "4096", min = 2, max = 10_000_000, doc = "tokens that fill a growing window")
        int length)
    implements Budget {

  enum Mode {
    SLIDE,
    ADAPTIVE,
    DISCONTINUOUS
  }

  Scope {
    if (recent >= window || window > length) {
      throw new KvPlanException(
          "scope: recent=%d, window=%d, length=%d; expected recent < window <= length"
              .formatted(recent, window, length));
    }
  }

  @Override
  public String defaultScorer() {
    return "snapkv(window=8,kernel=7,pool=max)"; // the authors' scripts
  }

  @Override
  public Optional<String> decodingScorer() {
    return Optional.of("snapkv(window=1,kernel=1)"); // the current query alone
  }

  @Override
  public OptionalInt every() {
    return OptionalInt.of(mode == Mode.DISCONTINUOUS ? delta() : 1);
  }

  @Override
  public Protection protects(CutPoint at) {
    return at.decoding() ? new Protection(at.prompt(), recent) : Protection.NONE;
  }

  @Override
  public boolean cuts(CutPoint at) {
    return !at.decoding() || at.seen() - at.prompt() > window(at.seen() - at.prompt());
  }

  @Override
  public void allot(Allotment allotment) {
    int decoded = allotment.seen() - allotment.prompt();
    if (decoded == 0) {
      return; // the prompt: every head keeps the mean
    }
    for (int layer = allotment.from(); layer < allotment.to(); layer++) {
      for (int head = 0; head < allotment.kvHeads(layer); head++) {
        allotment.keep(layer, head, allotment.ofPrompt(layer, head) + window(decoded));
      }
    }
  }

  /** Decoded pairs that stay after {@code decoded} tokens. */
  private int window(int decoded) {
    return mode == Mode.SLIDE ? window : Math.min(window, recent + decoded / delta());
  }

  /** Decoded tokens for which a growing window grows by one. */
  private int delta() {
    return (length - recent) / (window - recent);
  }
}
