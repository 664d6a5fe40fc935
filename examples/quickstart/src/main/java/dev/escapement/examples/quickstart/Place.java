package dev.escapement.examples.quickstart;

/**
 * A place on earth.
 *
 * @param name its name
 * @param country two letters, as in ISO 3166
 * @param latitude degrees, north is positive
 * @param longitude degrees, east is positive
 */
record Place(String name, String country, double latitude, double longitude) {}
