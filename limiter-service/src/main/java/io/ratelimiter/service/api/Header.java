package io.ratelimiter.service.api;

/** A header field of an answer. */
public record Header(String name, String value) {}
