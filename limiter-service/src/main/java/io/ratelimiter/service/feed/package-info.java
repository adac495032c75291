/** The live feed: the decisions of every instance, read from the topic while there is a watch. */
@NullMarked
package io.ratelimiter.service.feed;

import org.jspecify.annotations.NullMarked;
