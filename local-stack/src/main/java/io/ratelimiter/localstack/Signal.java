package io.ratelimiter.localstack;

/** What a child process can be told. */
enum Signal {
  TERM,
  INT,
  QUIT,
  KILL,
  STOP,
  CONT
}
