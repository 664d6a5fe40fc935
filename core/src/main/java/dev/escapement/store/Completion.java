package dev.escapement.store;

/**
 * The end of a claim.
 *
 * @param guard proves that the claim is held
 * @param ending what the execution row says
 * @param next what becomes of the trigger
 */
public record Completion(Guard guard, Ending ending, Next next) {}
