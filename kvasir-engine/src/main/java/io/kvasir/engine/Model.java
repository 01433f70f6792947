package io.kvasir.engine;

import io.kvasir.engine.calibrate.CalibrationStore;
import io.kvasir.engine.fit.Room;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.model.LayerWalk;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.PassListener;
import io.kvasir.engine.model.Rehearsal;
import io.kvasir.engine.model.Role;
import io.kvasir.engine.model.Transformer;
import io.kvasir.engine.model.Weights;
import io.kvasir.engine.template.ChatTemplate;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.kernel.OneDnn;
import io.kvasir.kernel.Workers;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PagePool;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A loaded model: weights, a team of threads, and the memory of all its sequences.
 *
 * <p>Thread-safe. Passes go one at a time, in the order they were asked for, each with the whole
 * team; sequences of one model may therefore be used from several threads, each {@link Sequence} by
 * one thread at a time.
 *
 * <p>A pass that throws, cancelled ones included, closes the sequences it was made for, which frees
 * their memory; the model and all other sequences stay as they were. Reading is cancelled by a
 * listener that throws {@link java.util.concurrent.CancellationException}, or by interrupting the
 * thread, whose interrupted state stays.
 *
 * <p>Must be closed, after its sequences: weights and caches are off-heap.
 */
public final class Model implements AutoCloseable {
  private final ModelFacts facts;
  private final ModelOptions options;
  private final int context;
  private final Workers workers;
  private final Weights weights;
  private final KvModel kvModel;
  private final Passes passes;
  private final PagePool pool = new PagePool();
  private final Object life = new Object();
  private int sequences; // open ones; guarded by life
  private boolean closed; // guarded by life

  private Model(
      ModelFacts facts,
      ModelOptions options,
      int context,
      Workers workers,
      Weights weights,
      Calibrations calibrations) {
    this.facts = facts;
    this.options = options;
    this.workers = workers;
    this.weights = weights;
    this.context = context;
    Transformer transformer =
        new Transformer(facts.config(), weights, workers, options.precision());
    this.kvModel = transformer.kvModel(calibrations);
    this.passes = new Passes(this, transformer);
  }

  /**
   * Opens a file, loads it and closes it.
   *
   * @throws ModelFormatException it is no sound model, or none that Kvasir can run
   * @throws io.kvasir.engine.fit.DoesNotFitException there is not the memory for its weights
   */
  public static Model load(Path path, ModelOptions options) {
    try (ModelFile file = ModelFile.open(path)) {
      return file.load(options);
    }
  }

  static Model load(GgufFile file, ModelFacts facts, ModelOptions options) {
    int context = context(facts, options);
    Room.now().checkLoad(facts.name(), Weights.bytes(file, facts.config()));
    Calibrations calibrations =
        CalibrationStore.ofEnvironment().of(file.path(), facts.fingerprint());
    Workers workers = new Workers(options.threads());
    try {
      Weights weights = weights(file, facts.config(), workers, options);
      return new Model(facts, options, context, workers, weights, calibrations);
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  private static Weights weights(
      GgufFile file, ModelConfig config, Workers workers, ModelOptions options) {
    if (!options.rehearsed()) {
      return Weights.load(file, config, workers, options.listener());
    }
    try (Rehearsal rehearsal = Rehearsal.start(file, config, options.precision())) {
      Weights weights = Weights.load(file, config, workers, options.listener());
      rehearsal.await();
      return weights;
    }
  }

  private static int context(ModelFacts facts, ModelOptions options) {
    int most = facts.config().contextLength();
    int context = options.context().orElse(most);
    if (context > most) {
      throw new IllegalArgumentException(
          "a context of %d tokens is more than the %d that %s was made for"
              .formatted(context, most, facts.name()));
    }
    return context;
  }

  public ModelConfig config() {
    return facts.config();
  }

  public Tokenizer tokenizer() {
    return facts.tokenizer();
  }

  /**
   * The chat template, parsed anew; most callers want {@link io.kvasir.engine.chat.ChatFormat}.
   *
   * @throws io.kvasir.engine.template.TemplateException there is one, outside the supported subset
   */
  public Optional<ChatTemplate> chatTemplate() {
    return facts.template();
  }

  /** The file's name without its ending. */
  public String name() {
    return facts.name();
  }

  /** Identity of the file's content, hexadecimal. */
  public String fingerprint() {
    return facts.fingerprint();
  }

  /** Tokens a sequence may have. */
  public int context() {
    return context;
  }

  public Precision precision() {
    return options.precision();
  }

  public int threads() {
    return options.threads();
  }

  /** The threads that compute. */
  Workers workers() {
    return workers;
  }

  /** Off-heap bytes of the weights. */
  public long weightBytes() {
    return weights.bytes();
  }

  /**
   * Bytes of them that decoding a token reads; of an embedding that is not the output too it reads
   * one row, which is not counted.
   */
  public long weightBytesPerStep() {
    return weights.bytesPerStep();
  }

  /** In what numbers products with most of the weights are computed for rows of a role. */
  public Arithmetic arithmetic(Role role) {
    if (precision() == Precision.EXACT) {
      return Arithmetic.F32;
    }
    if (role == Role.PROMPT && OneDnn.available()) {
      return Arithmetic.BF16;
    }
    return weights.mostlyCodes() ? Arithmetic.INT8 : Arithmetic.F32;
  }

  /**
   * {@link #arithmetic} in a word for reports: of prompts, then of decoded tokens where that is
   * different, {@code bf16+int8} for example.
   */
  public String products() {
    return Stream.of(Role.PROMPT, Role.DECODED)
        .map(role -> arithmetic(role).toString())
        .distinct()
        .collect(Collectors.joining("+"));
  }

  /** The memory of all caches. */
  public PagePool pool() {
    return pool;
  }

  /** The model as its caches see it. */
  public KvModel kvModel() {
    return kvModel;
  }

  /**
   * Takes prompts through the layers together, to look at them on their way.
   *
   * @param prompts each a text of its own, 1 to {@link #context} tokens
   * @param work takes the walk through as many layers as it likes
   * @throws io.kvasir.engine.fit.DoesNotFitException there is not the memory for it
   * @throws IllegalArgumentException a prompt is empty or too long, or holds an id that is no token
   */
  public void walk(List<int[]> prompts, Consumer<LayerWalk> work) {
    passes.walk(prompts, work);
  }

  /**
   * A new, empty sequence. It must be closed, before the model.
   *
   * @throws io.kvasir.kv.KvPlanException the plan cannot serve this model
   * @throws IllegalStateException the model is closed
   */
  public Sequence sequence(KvPlan plan) {
    return adopt(KvCache.create(plan, kvModel, pool));
  }

  /** A sequence over a cache, which it will close. */
  Sequence adopt(KvCache cache) {
    synchronized (life) {
      if (closed) {
        cache.close();
        throw new IllegalStateException("the model " + name() + " is closed");
      }
      sequences++;
    }
    return new Sequence(this, passes, cache);
  }

  /** A sequence has freed its pages. */
  void sequenceClosed() {
    synchronized (life) {
      sequences--;
    }
  }

  /**
   * Reads one prompt into several empty sequences in one exact prefill; then each keeps of it what
   * its own plan says.
   *
   * @param ids [N], 1 to {@link #context} tokens
   * @return the logits after the last token, [V]
   * @throws ContextException the prompt is longer than the context
   * @throws io.kvasir.engine.fit.DoesNotFitException there is not the memory for it
   * @throws IllegalArgumentException the prompt is empty, or holds an id that is no token; a
   *     sequence is not empty, or not of this model, or comes twice
   */
  public float[] read(List<Sequence> sequences, int[] ids, PassListener listener) {
    return passes.read(sequences, ids, listener);
  }

  /**
   * One decoding step of several sequences in one pass; each gets what it would get alone, bit for
   * bit.
   *
   * @param ids one token for each sequence
   * @return the logits after it, [sequences][V]
   * @throws ContextException the context of one of them is full
   * @throws IllegalArgumentException an id is no token; a sequence is not of this model, or comes
   *     twice
   */
  public float[][] step(List<Sequence> sequences, int[] ids) {
    return passes.step(sequences, ids);
  }

  /**
   * Reads tokens into several sequences that are not empty, each its own, in passes that they
   * share; each gets what {@link Sequence#read} would give it, bit for bit.
   *
   * @param ids at least one token for each sequence
   * @return the logits after the last one of each, [sequences][V]
   * @throws ContextException the context of one of them is full
   * @throws IllegalArgumentException an id is no token; a sequence is empty, or not of this model,
   *     or comes twice
   */
  public float[][] append(List<Sequence> sequences, List<int[]> ids, PassListener listener) {
    return passes.append(sequences, ids, listener);
  }

  /**
   * Reads tokens as decoding would, each sequence its own, in one pass; each gets what {@link
   * Sequence#follow} would give it, bit for bit.
   *
   * @param ids at least one token for each sequence
   * @return the logits after each of them, [sequences][tokens][V]: mind the size
   * @throws ContextException the context of one of them is full
   * @throws IllegalArgumentException as {@link #append}
   */
  public float[][][] follow(List<Sequence> sequences, List<int[]> ids) {
    return passes.follow(sequences, ids);
  }

  /**
   * The logits that a pass gives where it has come to these states, bit for bit.
   *
   * @param states of {@link Sequence#states}, [N][hidden]
   * @return [N][V]
   */
  public float[][] logits(float[][] states) {
    return passes.logits(states);
  }

  /**
   * Runs tasks on the threads that compute, between passes: what is to be made of many logits, for
   * example.
   *
   * @param task given 0 to {@code tasks - 1}, each once, in any order and from several threads
   */
  public void parallel(int tasks, IntConsumer task) {
    passes.parallel(tasks, task);
  }

  /**
   * Frees everything. Further calls do nothing.
   *
   * @throws IllegalStateException sequences are still open; nothing is freed then
   */
  @Override
  public void close() {
    synchronized (life) {
      if (sequences > 0) {
        throw new IllegalStateException(
            "open sequences of %s: %d; close them before their model".formatted(name(), sequences));
      }
      if (!closed) {
        closed = true;
        workers.close();
        weights.close();
        pool.close();
      }
    }
  }
}
