package dev.broadcast.api.broadcaster;

/**
 * On how many connections a message was put.
 *
 * @param connections on all nodes that reported
 * @param nodes how many reported
 * @param complete whether these were all live nodes
 */
public record Receipt(int connections, int nodes, boolean complete) {}
