package io.ratelimiter.localstack.run;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Blocking tasks that run at the same time. */
final class InParallel {

  private InParallel() {}

  /**
   * Runs all tasks and blocks until they are done.
   *
   * @throws RuntimeException the first exception of a task, without waiting for the others
   */
  static void run(List<Runnable> tasks) {
    ExecutorService threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    CompletableFuture<@Nullable Void> failure = new CompletableFuture<>();
    CompletableFuture<?>[] running =
        tasks.stream()
            .map(task -> CompletableFuture.runAsync(task, threads))
            .map(future -> future.whenComplete((done, fault) -> failIf(fault, failure)))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(failure, CompletableFuture.allOf(running)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      threads.shutdown();
    }
  }

  private static void failIf(@Nullable Throwable fault, CompletableFuture<@Nullable Void> failure) {
    if (fault != null) {
      failure.completeExceptionally(fault instanceof CompletionException e ? e.getCause() : fault);
    }
  }
}
