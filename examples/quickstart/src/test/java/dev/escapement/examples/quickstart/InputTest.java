package dev.escapement.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTest {

  @TempDir Path directory;

  @Test
  void readsWhatIsShipped() throws Exception {
    assertThat(Input.shipped())
        .hasSizeGreaterThan(400)
        .contains(new Place("Europe/Vienna", "AT", 48.2167, 16.3333));
  }

  @Test
  void readsAFileWithWindowsLineEnds() throws Exception {
    Path file = write(Input.HEADER + "\r\nGraz,AT,47.07,15.44\r\nQuito,EC,-0.22,-78.51\r\n");

    assertThat(Input.read(file))
        .containsExactly(
            new Place("Graz", "AT", 47.07, 15.44), new Place("Quito", "EC", -0.22, -78.51));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Graz,AT,47.07 | has 3 values, not the 4",
        "Graz,AT,47.07,15.44,x | has 5 values, not the 4",
        "'' | has 1 values, not the 4",
        ",AT,47.07,15.44 | \"\" can't be; a place has 1 to 100 characters.",
        "Graz,Austria,47.07,15.44 | \"Austria\" can't be; a country is two capital letters.",
        "Graz,AT,north,15.44 | \"north\" can't be; a latitude is a number of degrees from -90 to"
            + " 90.",
        "Graz,AT,90.1,15.44 | \"90.1\" can't be; a latitude is",
        "Graz,AT,47.07,-180.5 | \"-180.5\" can't be; a longitude is",
        "Graz,AT,NaN,15.44 | \"NaN\" can't be; a latitude is",
        "Wien,AT,48.2,16.3 | \"Wien\" is the place of line 2 too.",
      })
  void saysLineAndFault(String line, String fault) throws IOException {
    Path file = write(Input.HEADER + "\nWien,AT,48.2,16.3\n" + line + "\nLinz,AT,48.3,14.3\n");

    assertThatThrownBy(() -> Input.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ", line 3: " + fault);
  }

  @Test
  void refusesAnotherHeader() throws IOException {
    Path file = write("name,lat,lon\n");

    assertThatThrownBy(() -> Input.read(file))
        .hasMessage(file + ", line 1: must be the header " + Input.HEADER);
  }

  @Test
  void refusesAFileWithoutPlaces() throws IOException {
    Path file = write(Input.HEADER + "\n");

    assertThatThrownBy(() -> Input.read(file)).hasMessageContaining("has 0 places");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    Path file = write("");

    assertThatThrownBy(() -> Input.read(file)).hasMessageContaining("line 1: must be the header");
  }

  @Test
  void saysWhereAFileIsNotUtf8() throws IOException {
    Path file = directory.resolve("latin1.csv");
    String text = Input.HEADER + "\nWien,AT,48.2,16.3\nTromsø,NO,69.6,18.9\n";
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Input.read(file)).hasMessage(file + ", line 3: isn't UTF-8.");
  }

  @Test
  void refusesAHugeFile() throws IOException {
    Path file = directory.resolve("huge.csv");
    Files.write(file, new byte[1_000_001]);

    assertThatThrownBy(() -> Input.read(file)).hasMessageContaining("is too large");
  }

  @Test
  void refusesAFileThatDoesNotExist() {
    Path file = directory.resolve("nowhere.csv");

    assertThatThrownBy(() -> Input.read(file)).hasMessage(file + " doesn't exist.");
  }

  @Test
  void refusesADirectory() {
    assertThatThrownBy(() -> Input.read(directory))
        .hasMessageStartingWith(directory + " can't be read: ");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("places.csv"), text);
  }
}
