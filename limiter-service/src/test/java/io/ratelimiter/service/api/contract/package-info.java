/**
 * The HTTP contract as tests that run on every edge, and callers who hold answers to the document.
 */
package io.ratelimiter.service.api.contract;
