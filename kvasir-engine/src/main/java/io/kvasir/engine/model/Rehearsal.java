package io.kvasir.engine.model;

import io.kvasir.engine.Precision;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.kernel.Workers;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PagePool;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Passes short prompts through a {@link Miniature} while the weights of the real model are packed,
 * on a thread of its own. Until C2 has compiled a kernel, each of its vectors is an object and each
 * operation a call, a thousand times slower: so the compilers shall meet the kernels on small
 * matrices, and early. Results do not depend on it.
 *
 * <p>It only pays where the virtual machine compiles kernels after a few calls; see the launcher.
 */
public final class Rehearsal implements AutoCloseable {
  /** Prompts of all tile sizes: 2; 8 + 4 + 1; a whole page and a begun one. */
  private static final int[] LENGTHS = {2, 13, 70};

  private static final int TIMES = 8;

  private static final LogitSink LAST =
      new LogitSink() {
        @Override
        public boolean wants(int input, int row) {
          return row == 0;
        }

        @Override
        public void accept(int input, int row, float[] logits, int at) {}
      };

  private final ModelConfig config;
  private final ModelTensors tensors;
  private final Precision precision;
  private final Thread thread = new Thread(this::run, "kvasir-rehearsal");
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;

  private Rehearsal(ModelConfig config, ModelTensors tensors, Precision precision) {
    this.config = config;
    this.tensors = tensors;
    this.precision = precision;
  }

  /** Begins; must be closed. */
  public static Rehearsal start(GgufFile file, ModelConfig config, Precision precision) {
    Rehearsal rehearsal = new Rehearsal(config, ModelTensors.of(file, config), precision);
    rehearsal.thread.setDaemon(true);
    // What fails here will fail in earnest soon, and be reported then.
    rehearsal.thread.setUncaughtExceptionHandler((thread, e) -> rehearsal.failure.set(e));
    rehearsal.thread.start();
    return rehearsal;
  }

  private void run() {
    try (Arena arena = Arena.ofConfined();
        Workers alone = new Workers(1);
        PagePool pool = new PagePool()) {
      Miniature miniature = new Miniature(config, tensors, arena, alone);
      Transformer transformer =
          new Transformer(miniature.config(), miniature.weights(), alone, precision);
      for (int length : LENGTHS) {
        for (int i = 0; i < TIMES && !closed; i++) {
          try (KvCache cache =
              KvCache.create(KvPlan.FULL, transformer.kvModel(Calibrations.NONE), pool)) {
            transformer.prefill(List.of(cache), new int[length], LAST, PassListener.NONE);
            Input next = new Input(cache, new int[1], Role.DECODED);
            transformer.forward(List.of(next), LAST);
          }
        }
      }
    }
  }

  /** Waits for its end: a pass with kernels that are half compiled would take longer. */
  public void await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What ended it before its end. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Ends it early, unless it has ended. */
  @Override
  public void close() {
    closed = true;
    await();
  }
}
