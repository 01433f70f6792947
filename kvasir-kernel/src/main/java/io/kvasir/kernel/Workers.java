package io.kvasir.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that runs one batch of tasks at a time; the caller is a member of it.
 *
 * <p>Each thread begins with a run of tasks of its own, because neighbours mostly read neighbouring
 * memory, which a core fetches ahead; then it helps with the runs of others. Tasks are claimed one
 * by one, so a thread that loses its core delays only the task in its hands. Waiting spins for some
 * microseconds, because the next batch of a forward pass follows at once, and then parks. Callers
 * on several threads queue.
 */
public final class Workers implements AutoCloseable {
  private static final long SPIN_NANOS = 50_000;
  private static final int SPINS_PER_CLOCK = 32;
  private static final float[] NONE = {};

  /** One unit of work. */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs the unit; what it throws reaches the caller of {@link Workers#run}.
     *
     * @param index the task, 0 to tasks - 1
     * @param thread who runs it, 0 to threads - 1; no two tasks with the same number run at once
     */
    void run(int index, int thread);
  }

  private final ReentrantLock callers = new ReentrantLock();
  private final Member[] members;
  private final float[][] scratch;
  private volatile Batch batch = new Batch(0, (index, thread) -> {}, 1);
  private volatile boolean closed;

  /**
   * Starts the team.
   *
   * @param threads its size, the caller included; 1 means that no further thread is started
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads=" + threads + " must be at least 1");
    }
    scratch = new float[threads][];
    Arrays.fill(scratch, NONE);
    members = new Member[threads - 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(i + 1);
      members[i].start();
    }
  }

  /** Size of the team, the caller included. */
  public int threads() {
    return scratch.length;
  }

  /**
   * Runs tasks 0 to {@code tasks - 1}, in any order, and returns when all have ended. After an
   * exception no further task begins; the first one is rethrown here and the team stays usable.
   *
   * @throws IllegalStateException if closed, or if called from inside a task of the same team
   */
  public void run(int tasks, Task task) {
    if (callers.isHeldByCurrentThread()
        || (Thread.currentThread() instanceof Member member && member.team() == this)) {
      throw new IllegalStateException("a task must not run tasks on its own workers");
    }
    callers.lock();
    try {
      if (closed) {
        throw new IllegalStateException("these workers are closed");
      }
      Batch mine = new Batch(tasks, task, threads());
      if (tasks > 1 && members.length > 0) {
        batch = mine;
        for (int i = 0; i < Math.min(members.length, tasks - 1); i++) {
          if (members[i].parked) {
            LockSupport.unpark(members[i]);
          }
        }
      }
      mine.work(0);
      mine.await();
      mine.rethrow();
    } finally {
      callers.unlock();
    }
  }

  /**
   * Memory for the task that runs as {@code thread}: at least {@code floats} long, contents
   * undefined, the same array until a longer one is asked for.
   */
  public float[] scratch(int thread, int floats) {
    if (scratch[thread].length < floats) {
      scratch[thread] = new float[floats];
    }
    return scratch[thread];
  }

  /** Ends the threads; a batch that runs is finished first. */
  @Override
  public void close() {
    callers.lock();
    try {
      closed = true;
      for (Member member : members) {
        LockSupport.unpark(member);
      }
    } finally {
      callers.unlock();
    }
  }

  /** A batch is never reused, so a late member that still holds an old one finds it empty. */
  private static final class Batch {
    /** Counters lie so far apart, in ints, that no two share a cache line. */
    private static final int APART = 32;

    final int tasks;
    final Task task;
    final int threads;
    final Thread caller = Thread.currentThread();
    final AtomicIntegerArray claimed; // of each thread's run
    final AtomicInteger ended = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Batch(int tasks, Task task, int threads) {
      this.tasks = tasks;
      this.task = task;
      this.threads = threads;
      this.claimed = new AtomicIntegerArray(threads * APART);
    }

    void work(int thread) {
      for (int i = 0; i < threads; i++) {
        workOnRun((thread + i) % threads, thread);
      }
    }

    private void workOnRun(int run, int thread) {
      int first = first(run);
      int end = first(run + 1);
      for (int i = first + claimed.getAndIncrement(run * APART);
          i < end;
          i = first + claimed.getAndIncrement(run * APART)) {
        try {
          if (failure.getPlain() == null) {
            task.run(i, thread);
          }
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        } finally {
          if (ended.incrementAndGet() == tasks && thread != 0) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    private int first(int run) {
      return (int) ((long) tasks * run / threads);
    }

    void await() {
      boolean interrupted = false;
      long deadline = System.nanoTime() + SPIN_NANOS;
      for (int spins = 1; ended.get() < tasks; spins++) {
        if (spins % SPINS_PER_CLOCK != 0 || System.nanoTime() < deadline) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          interrupted |=
              Thread.interrupted(); // a pending interrupt would turn parking into spinning
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void rethrow() {
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException("a task failed", e);
      }
    }
  }

  private final class Member extends Thread {
    final int number;
    volatile boolean parked;

    Member(int number) {
      super("kvasir-worker-" + number);
      this.number = number;
      setDaemon(true);
    }

    Workers team() {
      return Workers.this;
    }

    @Override
    public void run() {
      Batch seen = batch;
      seen.work(number);
      while (!closed) {
        Batch now = waitForOtherThan(seen);
        now.work(number);
        seen = now;
      }
    }

    private Batch waitForOtherThan(Batch seen) {
      long deadline = System.nanoTime() + SPIN_NANOS;
      for (int spins = 1; batch == seen && !closed; spins++) {
        if (spins % SPINS_PER_CLOCK != 0 || System.nanoTime() < deadline) {
          Thread.onSpinWait();
          continue;
        }
        parked =
            true; // before the last look at batch; run() writes batch before it looks at parked
        if (batch == seen && !closed) {
          LockSupport.park(this);
        }
        parked = false;
      }
      return batch;
    }
  }
}
