/** Holds what is shipped beside the code (compose, nginx, monitoring, Kubernetes) to the code. */
package io.ratelimiter.endtoend.shipped;
