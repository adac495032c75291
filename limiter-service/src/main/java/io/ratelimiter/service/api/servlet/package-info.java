/** The HTTP contract on Tomcat. */
@NullMarked
package io.ratelimiter.service.api.servlet;

import org.jspecify.annotations.NullMarked;
