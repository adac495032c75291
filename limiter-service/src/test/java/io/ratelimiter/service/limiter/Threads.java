package io.ratelimiter.service.limiter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** Runs a task on threads that start at the same time. */
public final class Threads {

  private Threads() {}

  /**
   * Runs the task on each of the threads, and waits for them.
   *
   * @param task takes the number of its thread, from 0, and returns a count
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
