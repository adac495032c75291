/** The web page, with its data and its live feed, and the pages of the API's documentation. */
@NullMarked
package io.ratelimiter.service.page;

import org.jspecify.annotations.NullMarked;
