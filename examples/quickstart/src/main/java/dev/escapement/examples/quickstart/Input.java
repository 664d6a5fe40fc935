package dev.escapement.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Reads places from a file: UTF-8, the header {@value #HEADER}, then one place a line. No quotes,
 * so no commas within a value; names are unique. All or nothing: the first fault refuses the file.
 */
final class Input {

  static final String HEADER = "place,country,latitude,longitude";

  private static final String SHIPPED = "/places.csv";
  private static final int MOST_BYTES = 1_000_000;
  private static final int MOST_PLACES = 10_000;
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,100}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
  private static final Pattern DEGREES = Pattern.compile("[+-]?\\d{1,3}(?:\\.\\d{1,10})?");

  private final String file;
  private final Map<String, Integer> lineOfName = new HashMap<>();

  private Input(String file) {
    this.file = file;
  }

  /** The file that comes with the quickstart. */
  static List<Place> shipped() throws InputException {
    try (InputStream stream = Input.class.getResourceAsStream(SHIPPED)) {
      byte[] bytes = Objects.requireNonNull(stream, SHIPPED).readAllBytes();
      return parse(SHIPPED, TextFile.decode(SHIPPED, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Place> read(Path path) throws InputException {
    return parse(path.toString(), TextFile.read(path, MOST_BYTES));
  }

  private static List<Place> parse(String file, String text) throws InputException {
    return new Input(file).places(text.lines().toList());
  }

  private List<Place> places(List<String> lines) throws InputException {
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new InputException(file, 1, "must be the header " + HEADER);
    }
    List<Place> places = new ArrayList<>();
    for (int number = 2; number <= lines.size(); number++) {
      places.add(place(number, lines.get(number - 1)));
    }
    if (places.isEmpty() || places.size() > MOST_PLACES) {
      throw new InputException(
          file, "has " + places.size() + " places; 1 to " + MOST_PLACES + " are allowed.");
    }
    return List.copyOf(places);
  }

  private Place place(int line, String text) throws InputException {
    String[] values = text.split(",", -1);
    if (values.length != 4) {
      throw new InputException(
          file, line, "has " + values.length + " values, not the 4 of " + HEADER);
    }
    return new Place(
        name(line, values[0]),
        matching(COUNTRY, line, values[1], "a country is two capital letters"),
        degrees(line, values[2], "latitude", 90),
        degrees(line, values[3], "longitude", 180));
  }

  private String name(int line, String value) throws InputException {
    String name = matching(NAME, line, value, "a place has 1 to 100 characters");
    Integer earlier = lineOfName.putIfAbsent(name, line);
    if (earlier != null) {
      throw new InputException(
          file, line, TextFile.quote(name) + " is the place of line " + earlier + " too.");
    }
    return name;
  }

  private double degrees(int line, String value, String what, int most) throws InputException {
    String rule = "a " + what + " is a number of degrees from -" + most + " to " + most;
    double degrees = Double.parseDouble(matching(DEGREES, line, value, rule));
    if (Math.abs(degrees) > most) {
      throw new InputException(file, line, TextFile.quote(value) + " can't be; " + rule + ".");
    }
    return degrees;
  }

  private String matching(Pattern pattern, int line, String value, String rule)
      throws InputException {
    if (!pattern.matcher(value).matches() || value.isBlank()) {
      throw new InputException(file, line, TextFile.quote(value) + " can't be; " + rule + ".");
    }
    return value;
  }
}
