package io.kvasir.engine;

import java.util.List;

/**
 * Lets text through up to the first stop string, and holds back what may yet become one. The stop
 * string that is complete first wins, however the text was cut into pieces. For one thread.
 */
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /** Whether a stop string appeared; nothing passes any more. */
  boolean found() {
    return found;
  }

  /** Takes the next text and returns what is certain now. */
  String append(String text) {
    held.append(text);
    int start = 0;
    int end = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (at + stop.length() < end || (at + stop.length() == end && at < start))) {
        start = at;
        end = at + stop.length();
      }
    }
    found = end < Integer.MAX_VALUE;
    String certain = held.substring(0, found ? start : held.length() - unfinished());
    held.delete(0, certain.length());
    return certain;
  }

  /** What was held back, when no more text comes. */
  String finish() {
    String rest = found ? "" : held.toString();
    held.setLength(0);
    return rest;
  }

  /** Length of the longest end of the text that begins a stop string. */
  private int unfinished() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (held.substring(held.length() - n).equals(stop.substring(0, n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
