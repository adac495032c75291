/** Rules by HTTP: the rule set in force, and the admin plane for stored rules. */
@NullMarked
package io.ratelimiter.service.api.mvc.rules;

import org.jspecify.annotations.NullMarked;
