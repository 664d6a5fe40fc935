package dev.escapement.examples.spring.shop;

/**
 * An order.
 *
 * @param number chosen by whoever orders, so that an order that is sent twice is one
 * @param customer a mail address
 */
record Order(String number, String customer, String item, int pieces) {}
