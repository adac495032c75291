/** Rules as JSON: the format of the admin API, the rules file and the snapshot. */
@NullMarked
package io.ratelimiter.service.rules.json;

import org.jspecify.annotations.NullMarked;
