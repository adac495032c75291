/** Numbers events in series and counts what became of each number. Knows neither Kafka nor disk. */
@NullMarked
package io.ratelimiter.service.decisions.series;

import org.jspecify.annotations.NullMarked;
