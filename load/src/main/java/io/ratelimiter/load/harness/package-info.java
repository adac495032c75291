/** Takes runs: sends load to a target, measures processor time and verifies the decisions. */
@NullMarked
package io.ratelimiter.load.harness;

import org.jspecify.annotations.NullMarked;
