package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.audit.Dimension;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class UniqueClientsTests {

  private static final int TENANTS = 1_000;
  private static final long MINUTE = AuditHarness.START_MILLIS / 1_000;

  private final KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("rows").get();
  private final Progress progress =
      new Progress(Stores.inMemoryKeyValueStore("progress").get(), TestTerms.DEFAULT, 0);
  private final UniqueClients unique = new UniqueClients(counted(), progress);
  private int scans;

  @Test
  void aDecisionOfOneOfManyTenantsDoesNotReadItsWholeRow() {
    add("first");
    Map<String, Integer> counts = publish();
    assertThat(counts).hasSize(TENANTS).containsValue(1).doesNotContainValue(2);
    scans = 0;

    add("first");
    assertThat(unique.unpublished()).isZero();
    add("second");
    assertThat(unique.unpublished()).isEqualTo(TENANTS);
    assertThat(scans).isZero();
    assertThat(publish()).hasSize(TENANTS).containsValue(2).doesNotContainValue(1);
  }

  private void add(String client) {
    for (int i = 0; i < TENANTS; i++) {
      String tenant = "tenant-" + i;
      unique.add(MINUTE, tenant, (tenant + "/" + client).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Registers that are not 0, by tenant. */
  private Map<String, Integer> publish() {
    Map<String, Integer> counts = new HashMap<>();
    unique.publishChanges(
        (row, registers) -> counts.put(row.text(Dimension.TENANT), registers.published().size()));
    progress.published();
    return counts;
  }

  @SuppressWarnings("unchecked")
  private KeyValueStore<Bytes, byte[]> counted() {
    return (KeyValueStore<Bytes, byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (_, method, arguments) -> {
              scans += method.getName().equals("range") ? 1 : 0;
              return method.invoke(store, arguments);
            });
  }
}
