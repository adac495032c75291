/** The report: findings, tables and charts. */
@NullMarked
package io.ratelimiter.load.report;

import org.jspecify.annotations.NullMarked;
