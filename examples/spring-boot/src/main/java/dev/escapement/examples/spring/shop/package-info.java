/** The application: a shop that takes orders over HTTP and sends invoices. */
@NullMarked
package dev.escapement.examples.spring.shop;

import org.jspecify.annotations.NullMarked;
