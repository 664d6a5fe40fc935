package dev.escapement.examples.quickstart;

import java.util.List;

/**
 * A crontab that was read.
 *
 * @param file its name
 * @param text all of it
 * @param lines those that say when and what
 */
record Crontab(String file, String text, List<CrontabLine> lines) {}
