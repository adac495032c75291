/** Compares shipped files (compose, nginx, monitoring, Kubernetes) with the code. */
package io.ratelimiter.endtoend.shipped;
