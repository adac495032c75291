package io.ratelimiter.load.stack;

import io.ratelimiter.load.stack.Stack.Running;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Processor time of processes, user and system. The kernel counts in ticks of 10 ms. */
public final class Cpu {

  private final Map<String, ProcessHandle> processes = new LinkedHashMap<>();
  private Map<String, Duration> began = Map.of();

  /** For these services, Redis, Kafka, and this process, which sends the load. */
  public Cpu(Stack stack, List<Running> services) {
    services.forEach(service -> add(service.name(), service.pid()));
    add("redis", stack.redis().pid());
    add("kafka", stack.kafka().pid());
    add("load", ProcessHandle.current().pid());
  }

  private void add(String name, long pid) {
    processes.put(name, ProcessHandle.of(pid).orElseThrow());
  }

  /** Starts counting. */
  public void begin() {
    began = now();
  }

  /** Processor time by process since {@link #begin}, microseconds. */
  public Map<String, Double> spentMicros() {
    Map<String, Double> spent = new LinkedHashMap<>();
    now()
        .forEach((name, total) ->
            spent.put(name, total.minus(began.getOrDefault(name, total)).toNanos() / 1e3));
    return spent;
  }

  private Map<String, Duration> now() {
    Map<String, Duration> total = new LinkedHashMap<>();
    processes.forEach(
        (name, process) -> total.put(name, process.info().totalCpuDuration().orElseThrow()));
    return total;
  }
}
