package dev.escapement.speed.scenario;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The numbers in the name of a variant. */
final class Numbers {

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private Numbers() {}

  static List<Integer> in(String variant) {
    return NUMBER.matcher(variant).results().map(MatchResult::group).map(Integer::valueOf).toList();
  }
}
