package io.ratelimiter.service.decisions.series;

import org.jspecify.annotations.Nullable;

/**
 * What all series of an epoch have in common.
 *
 * @param id random, 16 hexadecimal digits
 * @param instance {@code INSTANCE_ID} of the publisher
 * @param region {@code REGION} of the publisher; null without one
 * @param topic the decisions topic for which its events are numbered
 */
public record EpochName(String id, String instance, @Nullable String region, String topic) {}
