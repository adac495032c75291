/** The service's pages in a real browser. */
package io.ratelimiter.service.browser;
