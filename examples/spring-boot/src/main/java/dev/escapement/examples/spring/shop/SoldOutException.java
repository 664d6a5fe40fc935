package dev.escapement.examples.spring.shop;

/** There are fewer pieces left than were ordered. */
final class SoldOutException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SoldOutException(Order order) {
    super("There aren't " + order.pieces() + " pieces of " + order.item() + ".");
  }
}
