package dev.broadcast.node.hub;

/** What loops and connections know of the rest of the hub. */
interface HubContext {
  HubSettings settings();

  HubMetrics metrics();

  HubParts parts();

  /** What makes HTML of messages. */
  HtmlEvents html();

  /** This node's id. */
  String nodeId();

  /** Brings a request for a page to the hub thread. */
  void walk(Walk walk);

  /** Tells the hub thread that a loop has room for pages again. */
  void pagesSent();

  /** Tells the hub thread that the topics are used from now on. */
  void use(Selection selection);

  /** A connection ended; on its loop. */
  void closed(Connection connection, CloseReason reason);
}
