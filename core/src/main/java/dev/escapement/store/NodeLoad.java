package dev.escapement.store;

/**
 * What a node does at a beat.
 *
 * @param workers how many jobs it may run at once
 * @param running how many it runs
 */
public record NodeLoad(int workers, int running) {}
