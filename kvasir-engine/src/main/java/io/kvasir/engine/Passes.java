package io.kvasir.engine;

import io.kvasir.engine.fit.Room;
import io.kvasir.engine.model.Input;
import io.kvasir.engine.model.LayerWalk;
import io.kvasir.engine.model.LogitSink;
import io.kvasir.engine.model.PassListener;
import io.kvasir.engine.model.Replays;
import io.kvasir.engine.model.Role;
import io.kvasir.engine.model.Transformer;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where every pass of a model goes through: checks what it is given, lets one at a time in, and
 * closes the sequences of a pass that throws, whose caches may be half written.
 */
final class Passes {
  /** Tokens between two looks at the listener, where a pass itself does not look. */
  private static final int TOKENS_AT_ONCE = 256;

  /** Tokens of several texts that pass before the listener is looked at: a tile. */
  private static final int TOKENS_TOGETHER = 512;

  private final Model model;
  private final Transformer transformer;
  private final int vocabulary;
  private final int layers;
  private final ReentrantLock one = new ReentrantLock(true);

  Passes(Model model, Transformer transformer) {
    this.model = model;
    this.transformer = transformer;
    this.vocabulary = model.config().vocabularySize();
    this.layers = model.config().kvShape().layers().size();
  }

  /** Reads a prompt into empty sequences in one exact prefill; returns the logits after it. */
  float[] read(List<Sequence> sequences, int[] ids, PassListener listener) {
    check(sequences, ids, ids.length);
    Reading reading = Reading.last(ids, vocabulary);
    prefill(sequences, ids, reading, listener);
    return reading.logits();
  }

  /** Reads a prompt into an empty sequence, chunked or coded; returns the logits after it. */
  float[] read(Sequence sequence, int[] ids, PrefillMode mode, PassListener listener) {
    check(List.of(sequence), ids, ids.length);
    requireEmpty(sequence);
    if (sequence.plan().signals().replay().isPresent()) {
      throw new IllegalArgumentException(
          "%s reads its prompt a second time; expected prefill mode exact, not %s"
              .formatted(sequence.plan(), mode));
    }
    Reading reading = Reading.last(ids, vocabulary);
    KvCache cache = sequence.cache();
    Room.now().checkGrowth(cache, ids.length);
    for (int at = 0, end; at < ids.length; at = end) {
      end = at + mode.tokensAtOnce(ids.length - at);
      append(sequence, Arrays.copyOf(ids, end), at, Role.PROMPT, reading, listener);
      run(List.of(sequence), () -> cache.endChunk(model.workers()));
    }
    run(List.of(sequence), () -> cache.endPrompt(model.workers()));
    return reading.logits();
  }

  /** Each sequence reads its ids as decoding would; the logits after each, [sequences][ids][V]. */
  float[][][] follow(List<Sequence> sequences, List<int[]> ids) {
    checkAppended(sequences, ids);
    AllLogits all = new AllLogits(ids.stream().map(of -> of.length).toList(), vocabulary);
    run(sequences, () -> transformer.forward(inputs(sequences, ids, Role.DECODED), all));
    saw(sequences, ids);
    return all.logits();
  }

  /** Reads ids as decoding would; returns the final hidden state of each, [ids][hidden]. */
  float[][] states(Sequence sequence, int[] ids) {
    List<Sequence> one = List.of(sequence);
    checkAppended(one, List.of(ids));
    float[][][] states = new float[1][][];
    Input input = new Input(sequence.cache(), ids, Role.DECODED);
    run(one, () -> states[0] = transformer.states(input));
    saw(one, List.of(ids));
    return states[0];
  }

  /** The logits that come of final hidden states, [states][V]. */
  float[][] logits(float[][] states) {
    AllLogits all = new AllLogits(List.of(states.length), vocabulary);
    run(List.of(), () -> transformer.logits(states, all));
    return all.logits()[0];
  }

  /** Each sequence reads ids after others; the logits after the last of each, [sequences][V]. */
  float[][] append(List<Sequence> sequences, List<int[]> ids, PassListener listener) {
    checkAppended(sequences, ids);
    sequences.forEach(Passes::requireBegun);
    List<Reading> readings = ids.stream().map(of -> Reading.last(of, vocabulary)).toList();
    List<Input> inputs = inputs(sequences, ids, Role.PROMPT);
    PassListener heard = interruptible(listener);
    run(
        sequences,
        () -> {
          for (int from = 0, to; from < inputs.size(); from = to) {
            to = from + 1;
            int rows = ids.get(from).length;
            while (to < inputs.size() && rows + ids.get(to).length <= TOKENS_TOGETHER) {
              rows += ids.get(to).length;
              to++;
            }
            transformer.forward(inputs.subList(from, to), Reading.each(readings.subList(from, to)));
            heard.progressed(to * layers, inputs.size() * layers);
          }
        });
    saw(sequences, ids);
    return readings.stream().map(Reading::logits).toArray(float[][]::new);
  }

  private static List<Input> inputs(List<Sequence> sequences, List<int[]> ids, Role role) {
    return IntStream.range(0, ids.size())
        .mapToObj(i -> new Input(sequences.get(i).cache(), ids.get(i), role))
        .toList();
  }

  private static void saw(List<Sequence> sequences, List<int[]> ids) {
    for (int i = 0; i < ids.size(); i++) {
      sequences.get(i).saw(ids.get(i), 0, ids.get(i).length);
    }
  }

  /** Reads ids after others; returns the logits after the last one. */
  float[] append(Sequence sequence, int[] ids, PassListener listener) {
    check(List.of(sequence), ids, ids.length);
    Room.now().checkGrowth(sequence.cache(), ids.length);
    Reading reading = Reading.last(ids, vocabulary);
    append(sequence, ids, 0, Role.PROMPT, reading, listener);
    return reading.logits();
  }

  /** Prefills the first {@code prompt} ids of an empty sequence, appends the rest, scores all. */
  Scores score(Sequence sequence, int[] ids, int prompt, PassListener listener) {
    check(List.of(sequence), ids, ids.length);
    checkPrompt(ids, prompt);
    Room.now().checkGrowth(sequence.cache(), ids.length);
    Reading reading = Reading.scored(ids, vocabulary);
    prefill(List.of(sequence), Arrays.copyOf(ids, prompt), reading, listener);
    append(sequence, ids, prompt, Role.DECODED, reading, listener);
    return reading.scores();
  }

  /**
   * Prefills the first {@code prompt} ids of an empty sequence, decodes the rest; a sink listens.
   */
  void predict(Sequence sequence, int[] ids, int prompt, LogitSink sink) {
    check(List.of(sequence), ids, ids.length);
    checkPrompt(ids, prompt);
    requireEmpty(sequence);
    Room.now().checkGrowth(sequence.cache(), ids.length);
    KvCache cache = sequence.cache();
    int[] rest = Arrays.copyOfRange(ids, prompt, ids.length);
    LogitSink later =
        new LogitSink() {
          @Override
          public boolean wants(int input, int row) {
            return sink.wants(input, prompt + row);
          }

          @Override
          public void accept(int input, int row, float[] logits, int at) {
            sink.accept(input, prompt + row, logits, at);
          }
        };
    int[] read = Arrays.copyOf(ids, prompt);
    Replays replays = replays(List.of(cache.plan()), read);
    run(
        List.of(sequence),
        () -> {
          PassListener silent = interruptible(PassListener.NONE);
          transformer.prefill(List.of(cache), read, replays, sink, silent);
          if (rest.length > 0) {
            transformer.forward(List.of(new Input(cache, rest, Role.DECODED)), later);
          }
        });
    sequence.saw(ids, 0, ids.length);
  }

  private static void checkPrompt(int[] ids, int prompt) {
    if (prompt < 1 || prompt > ids.length) {
      throw new IllegalArgumentException(
          "prompt_tokens=%d must be 1 to %d, the length of the text".formatted(prompt, ids.length));
    }
  }

  /** Takes prompts through the layers together. */
  void walk(List<int[]> prompts, Consumer<LayerWalk> work) {
    Room.now().checkWalk(model.config(), prompts);
    run(List.of(), () -> work.accept(transformer.walk(prompts, model.pool())));
  }

  /** One token into each sequence; returns the logits after it, [sequences][V]. */
  float[][] step(List<Sequence> sequences, int[] ids) {
    if (sequences.size() != ids.length) {
      throw new IllegalArgumentException(
          "tokens: %d, sequences: %d; expected one token for each sequence"
              .formatted(ids.length, sequences.size()));
    }
    List<int[]> each = IntStream.of(ids).mapToObj(id -> new int[] {id}).toList();
    return Stream.of(follow(sequences, each)).map(of -> of[0]).toArray(float[][]::new);
  }

  private void prefill(
      List<Sequence> sequences, int[] ids, Reading reading, PassListener listener) {
    for (Sequence sequence : sequences) {
      requireEmpty(sequence);
    }
    List<KvCache> caches = sequences.stream().map(Sequence::cache).toList();
    List<KvPlan> plans = caches.stream().map(KvCache::plan).toList();
    Room.now().checkPrompt(model.config(), plans, ids.length);
    Replays replays = replays(plans, ids);
    run(
        sequences,
        () -> transformer.prefill(caches, ids, replays, reading, interruptible(listener)));
    sequences.forEach(sequence -> sequence.saw(ids, 0, ids.length));
  }

  private static void requireBegun(Sequence sequence) {
    if (sequence.seen() == 0) {
      throw new IllegalArgumentException(
          "tokens are appended to what was read, and this sequence is empty; expected it to have"
              + " read its prompt");
    }
  }

  /** What is read after a prompt for scorers that have it replayed. */
  private Replays replays(List<KvPlan> plans, int[] ids) {
    int context = model.config().contextLength();
    return Replays.of(plans, ids, context, text -> model.tokenizer().encode(text, false, false));
  }

  private static void requireEmpty(Sequence sequence) {
    if (sequence.seen() != 0) {
      throw new IllegalArgumentException(
          "a prompt is read into an empty sequence, this one has seen %d tokens"
              .formatted(sequence.seen()));
    }
  }

  private void append(
      Sequence sequence, int[] ids, int from, Role role, Reading reading, PassListener listener) {
    PassListener heard = interruptible(listener);
    run(
        List.of(sequence),
        () -> {
          for (int at = from, end; at < ids.length; at = end) {
            end = Math.min(ids.length, at + TOKENS_AT_ONCE);
            reading.passBeginsAt(at);
            Input input = new Input(sequence.cache(), Arrays.copyOfRange(ids, at, end), role);
            transformer.forward(List.of(input), reading);
            heard.progressed((end - from) * layers, (ids.length - from) * layers);
          }
        });
    sequence.saw(ids, from, ids.length - from);
  }

  /** Runs tasks on the team, as a pass of its own. */
  void parallel(int tasks, IntConsumer task) {
    run(List.of(), () -> model.workers().run(tasks, (index, thread) -> task.accept(index)));
  }

  private void run(List<Sequence> sequences, Runnable pass) {
    if (one.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a listener must not run a pass of the model that it listens to");
    }
    one.lock();
    try {
      pass.run();
    } catch (RuntimeException | Error e) {
      sequences.forEach(Sequence::close);
      throw e;
    } finally {
      one.unlock();
    }
  }

  private static PassListener interruptible(PassListener listener) {
    return (done, total) -> {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the thread was interrupted while reading");
      }
      listener.progressed(done, total);
    };
  }

  /** Before a pass, so that what is refused leaves the sequences as they are. */
  private void check(List<Sequence> sequences, int[] ids, int tokensEach) {
    checkTokens(ids);
    checkSequences(sequences);
    sequences.forEach(sequence -> checkContext(sequence, tokensEach));
  }

  /** Likewise, where each sequence has tokens of its own. */
  private void checkAppended(List<Sequence> sequences, List<int[]> ids) {
    if (sequences.size() != ids.size()) {
      throw new IllegalArgumentException(
          "texts: %d, sequences: %d; expected one text for each sequence"
              .formatted(ids.size(), sequences.size()));
    }
    ids.forEach(this::checkTokens);
    checkSequences(sequences);
    for (int i = 0; i < ids.size(); i++) {
      checkContext(sequences.get(i), ids.get(i).length);
    }
    if (ids.stream().anyMatch(of -> of.length > 1)) {
      Room room = Room.now();
      for (int i = 0; i < ids.size(); i++) {
        room.checkGrowth(sequences.get(i).cache(), ids.get(i).length);
      }
    }
  }

  private void checkTokens(int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; expected at least one token");
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "ids[%d]=%d is no token of %s; expected 0 to %d"
                .formatted(i, ids[i], model.name(), vocabulary - 1));
      }
    }
  }

  private void checkSequences(List<Sequence> sequences) {
    if (sequences.stream().distinct().count() != sequences.size() || sequences.isEmpty()) {
      throw new IllegalArgumentException("a pass needs one or more sequences, none of them twice");
    }
    for (Sequence sequence : sequences) {
      if (sequence.model() != model) {
        throw new IllegalArgumentException(
            "the sequence belongs to %s, not to %s"
                .formatted(sequence.model().name(), model.name()));
      }
    }
  }

  private void checkContext(Sequence sequence, int tokens) {
    if (tokens > model.context() - sequence.seen()) {
      throw new ContextException(sequence.seen(), tokens, model.context());
    }
  }
}
