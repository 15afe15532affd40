package dev.broadcast.api.client;

import dev.broadcast.api.broadcaster.BroadcastResult;

/** What became of one message of a batch. */
public sealed interface BatchResult {
  /** It is stored. */
  record Stored(BroadcastResult.Published published) implements BatchResult {}

  /** It is not, and would not be if it were sent again. */
  record Refused(RefusedException reason) implements BatchResult {}
}
