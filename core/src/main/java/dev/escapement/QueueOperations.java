package dev.escapement;

import java.util.List;

/**
 * The queues, and what people decide about them. A decision is kept in the store and takes effect
 * on all nodes within about a second. Thread-safe; each method throws a {@link
 * dev.escapement.store.StoreException} if the store fails.
 */
public interface QueueOperations {

  /** The queues that live nodes serve, jobs name, or people have paused, by name. */
  List<QueueStatus> all();

  /**
   * Takes a queue out of service: nothing in it is started any more. What runs goes on.
   *
   * @throws InvalidRequestException if the name isn't allowed
   */
  void pause(String queue);

  /**
   * Puts a queue back in service.
   *
   * @throws InvalidRequestException if the name isn't allowed
   */
  void resume(String queue);

  /**
   * Returns the name. Any queue may be named, also one that nobody knows yet, but not one that
   * nobody could use.
   *
   * @throws InvalidRequestException if the name isn't allowed: 1 to 60 characters, no control
   *     characters
   */
  static String requireName(String queue) {
    try {
      return Names.queue(queue);
    } catch (InvalidDeclarationException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }
}
