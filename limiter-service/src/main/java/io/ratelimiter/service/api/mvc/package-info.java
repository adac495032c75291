/** Everything the event loops delegate: Spring MVC in Tomcat, in this process, without a port. */
@NullMarked
package io.ratelimiter.service.api.mvc;

import org.jspecify.annotations.NullMarked;
