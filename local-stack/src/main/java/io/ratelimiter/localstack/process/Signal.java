package io.ratelimiter.localstack.process;

/** A signal for a child process. */
public enum Signal {
  TERM,
  INT,
  QUIT,
  KILL,
  STOP,
  CONT
}
