package dev.escapement.speed.report;

import java.io.IOException;
import java.nio.file.Path;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/** Pictures of where a process has spent its processor time: flame graphs. */
public final class Flames {

  private static final double LEAST_PERCENT = 0.2;

  private Flames() {}

  /**
   * Draws one.
   *
   * @param recording what Flight Recorder has written
   * @param title above the picture
   * @param picture gets the picture, as HTML
   */
  public static void draw(Path recording, String title, Path picture) throws IOException {
    Arguments arguments = new Arguments();
    arguments.title = title;
    arguments.minwidth = LEAST_PERCENT;
    arguments.simple = true;
    JfrToFlame.convert(recording.toString(), picture.toString(), arguments);
  }
}
