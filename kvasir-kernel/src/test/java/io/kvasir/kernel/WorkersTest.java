package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkersTest {
  @Test
  void everyTaskRunsOnceAndNumbersAreExclusive() {
    try (Workers workers = new Workers(4)) {
      for (int round = 0; round < 500; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(37);
        AtomicIntegerArray busy = new AtomicIntegerArray(4);
        AtomicIntegerArray collisions = new AtomicIntegerArray(1);
        workers.run(
            37,
            (i, thread) -> {
              collisions.addAndGet(0, busy.getAndIncrement(thread));
              runs.incrementAndGet(i);
              busy.decrementAndGet(thread);
            });
        for (int i = 0; i < 37; i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
        assertThat(collisions.get(0)).isZero();
      }
    }
  }

  @Test
  void anExceptionReachesTheCallerAndTheTeamStaysUsable() {
    try (Workers workers = new Workers(3)) {
      for (int round = 0; round < 50; round++) {
        assertThatThrownBy(
                () ->
                    workers.run(
                        20,
                        (i, thread) -> {
                          if (i == 11) {
                            throw new IllegalArgumentException("task 11");
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("task 11");
        int[] sum = new int[20];
        workers.run(20, (i, thread) -> sum[i] = i);
        assertThat(sum[19]).isEqualTo(19);
      }
    }
  }

  @Test
  void callersOnSeveralThreadsQueue() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      AtomicIntegerArray inside = new AtomicIntegerArray(2);
      List<Thread> callers = new ArrayList<>();
      AtomicIntegerArray total = new AtomicIntegerArray(1);
      for (int c = 0; c < 4; c++) {
        callers.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int round = 0; round < 200; round++) {
                        workers.run(
                            8,
                            (i, thread) -> {
                              inside.incrementAndGet(thread);
                              total.incrementAndGet(0);
                            });
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(total.get(0)).isEqualTo(4 * 200 * 8);
      assertThat(inside.get(0) + inside.get(1)).isEqualTo(4 * 200 * 8);
    }
  }

  @Test
  void aTaskMustNotRunTasksOnItsOwnWorkers() {
    try (Workers workers = new Workers(2)) {
      for (int round = 0; round < 20; round++) {
        assertThatThrownBy(() -> workers.run(4, (i, thread) -> workers.run(1, (j, inner) -> {})))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("a task must not run tasks on its own workers");
      }
    }
  }

  @Test
  void parkedThreadsWakeUpAndAnInterruptIsKept() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      Thread.sleep(20);
      Thread.currentThread().interrupt();
      CountDownLatch both = new CountDownLatch(2); // neither task ends before the other has begun
      workers.run(
          2,
          (i, thread) -> {
            both.countDown();
            while (both.getCount() > 0) {
              Thread.onSpinWait();
            }
          });
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void closedWorkersRefuse() {
    Workers workers = new Workers(2);
    workers.close();
    assertThatThrownBy(() -> workers.run(1, (i, thread) -> {}))
        .hasMessage("these workers are closed");
    assertThatThrownBy(() -> new Workers(0)).hasMessage("threads=0 must be at least 1");
  }
}
