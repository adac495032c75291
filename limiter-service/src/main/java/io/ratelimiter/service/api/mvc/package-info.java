/** What the front door hands on: Spring MVC in Tomcat, in this process and without a port. */
@NullMarked
package io.ratelimiter.service.api.mvc;

import org.jspecify.annotations.NullMarked;
