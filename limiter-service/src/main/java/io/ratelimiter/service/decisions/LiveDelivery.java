package io.ratelimiter.service.decisions;

/** Books what came of an event that went straight to Kafka. */
record LiveDelivery(OutgoingEvent event, EventCounts counts, Backlog backlog) implements Delivery {

  @Override
  public void acked() {
    counts.inFlight.decrementAndGet();
    counts.acked.increment();
    event.series().acked(event.seq());
  }

  @Override
  public void refused(Exception cause) {
    counts.inFlight.decrementAndGet();
    counts.drop(DropReason.REFUSED);
    event.series().dropped(event.seq(), true);
  }

  @Override
  public void failed(boolean handed, Exception cause) {
    counts.inFlight.decrementAndGet();
    backlog.take(event, handed);
  }
}
