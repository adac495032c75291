/** Numbers events in series and counts the outcomes. Depends on neither Kafka nor the disk. */
@NullMarked
package io.ratelimiter.service.decisions.series;

import org.jspecify.annotations.NullMarked;
