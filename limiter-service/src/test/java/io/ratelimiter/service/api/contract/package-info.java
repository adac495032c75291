/** The HTTP contract as test suites for every port, and callers that validate answers. */
package io.ratelimiter.service.api.contract;
