package io.ratelimiter.service.limiter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** Threads that begin at the same time. */
public final class Threads {

  private Threads() {}

  /**
   * Runs the task on this number of threads.
   *
   * @param task returns a count for the number of its thread
   * @return the sum of the counts
   */
  public static int sum(int threads, IntUnaryOperator task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    int sum = 0;
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        all.add(
            executor.submit(() -> {
              start.await();
              return task.applyAsInt(number);
            }));
      }
      for (Future<Integer> one : all) {
        sum += one.get(60, TimeUnit.SECONDS);
      }
    }
    return sum;
  }
}
