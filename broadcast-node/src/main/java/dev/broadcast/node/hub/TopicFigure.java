package dev.broadcast.node.hub;

/**
 * Figures of a topic.
 *
 * @param kept messages in its history, those that are about to be trimmed among them
 * @param received messages that came since clients of some node use it; begins anew when that node
 *     goes or needs the memory, so it is for rates only
 */
public record TopicFigure(long kept, long received) {}
