package io.kvasir.cli.bench;

import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.fit.ProcessMemory;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kernel.probe.MachineLimits;
import io.kvasir.kv.KvPlan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Measures one model. At a depth the cache is filled once, by a real prefill that the plan
 * compresses, and forked for each repetition; the tokens are random, with a fixed seed. Each test
 * is warmed up first, and so is the prefill of the first depth.
 *
 * @param limits of this machine, with the model's number of threads
 * @param repetitions measured runs of each test, at least 1
 * @param warmUp whether to run each test until it is compiled, before it is measured
 */
public record Bench(Model model, MachineLimits limits, int repetitions, boolean warmUp) {
  private static final int SEED = 42;

  /** Tokens of a prefill that warms up. */
  private static final int FEW = 512;

  private static final int WARM_UP_SECONDS = 30;

  public Bench {
    if (repetitions < 1) {
      throw new IllegalArgumentException("repetitions=" + repetitions + " must be at least 1");
    }
  }

  /** Hears how long the work is going to take. */
  public interface Listener {
    /**
     * @param what is being done, for example {@code tg64 @ d4096}
     */
    void progressed(String what, long done, long total);
  }

  /** One measured run; bytes and tokens of all its sequences. */
  private record Sample(long nanos, long cacheBytes, long tokens) {}

  /**
   * Runs tests with one plan, in their order; tests of one depth that follow each other share one
   * prefill.
   *
   * @param results hears of each test when it is done
   * @throws IllegalArgumentException a test is longer than the context; nothing has run then
   */
  public void run(
      KvPlan plan, List<BenchCase> tests, Listener listener, Consumer<BenchResult> results) {
    for (BenchCase test : tests) {
      if (test.length() > model.context()) {
        throw new IllegalArgumentException(
            "test %s needs %d tokens, the context of %s has %d"
                .formatted(test, test.length(), model.name(), model.context()));
      }
    }
    boolean cold = warmUp;
    for (int from = 0, to; from < tests.size(); from = to) {
      int depth = tests.get(from).depth();
      to = from;
      while (to < tests.size() && tests.get(to).depth() == depth) {
        to++;
      }
      if (depth > 0 && cold) {
        int[] few = ids(Math.min(depth, FEW));
        WarmUp.run(
            WARM_UP_SECONDS,
            () -> {
              listener.progressed("filling d" + depth, 0, depth);
              try (Sequence sequence = model.sequence(plan)) {
                sequence.read(few, PassListener.NONE);
              }
            });
        cold = false;
      }
      try (Sequence start = model.sequence(plan)) {
        if (depth > 0) {
          start.read(ids(depth), filling(depth, listener));
        }
        tests.subList(from, to).forEach(test -> results.accept(measure(start, test, listener)));
      }
    }
  }

  private static PassListener filling(int depth, Listener listener) {
    return (done, total) -> listener.progressed("filling d" + depth, done, total);
  }

  private BenchResult measure(Sequence start, BenchCase test, Listener listener) {
    int[] ids = ids(test.tokens());
    if (warmUp) {
      WarmUp.run(
          WARM_UP_SECONDS,
          () -> {
            listener.progressed(test.toString(), 0, repetitions);
            once(start, test, ids);
          });
    }
    Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<Sample> samples = new ArrayList<>();
    for (int r = 0; r < repetitions; r++) {
      samples.add(once(start, test, ids));
      listener.progressed(test.toString(), samples.size(), repetitions);
    }
    Sample last = samples.getLast();
    return new BenchResult(
        test,
        start.plan(),
        time,
        samples.stream().map(Sample::nanos).toList(),
        last.cacheBytes,
        (double) last.cacheBytes / last.tokens,
        ProcessMemory.now().map(ProcessMemory::resident),
        start.readNanos(),
        Work.of(model, limits, test, start.cache(), last.cacheBytes));
  }

  private Sample once(Sequence start, BenchCase test, int[] ids) {
    List<Sequence> sequences = new ArrayList<>();
    try {
      for (int i = 0; i < test.parallel(); i++) {
        sequences.add(start.fork());
      }
      long begin = System.nanoTime();
      if (test.prompt() > 0) {
        sequences.getFirst().read(Arrays.copyOf(ids, test.prompt()), PassListener.NONE);
      }
      for (int at = test.prompt(); at < ids.length; at += test.parallel()) {
        model.step(sequences, Arrays.copyOfRange(ids, at, at + test.parallel()));
      }
      long nanos = System.nanoTime() - begin;
      return new Sample(
          nanos,
          sequences.stream().mapToLong(sequence -> sequence.cache().bytes()).sum(),
          sequences.stream().mapToLong(Sequence::seen).sum());
    } finally {
      sequences.forEach(Sequence::close);
    }
  }

  private int[] ids(int count) {
    return new Random(SEED).ints(count, 0, model.config().vocabularySize()).toArray();
  }
}
