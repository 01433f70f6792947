package io.kvasir.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a loaded library is in memory, on Linux. Loading oneDNN touches 27 MB, its symbols and
 * what runs once for each kernel it could make; hardly any of it is needed again. Letting go of it
 * loses nothing: pages that are used after all come back from the file, of which the system keeps a
 * copy anyway.
 */
final class LibraryPages {
  private static final Path MAPS = Path.of("/proc/self/smaps");
  private static final Pattern HEAD =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ \\S+ +(.*)");
  private static final Pattern COPIED = Pattern.compile("Anonymous: +(\\d+) kB");
  private static final int DONT_NEED = 4; // MADV_DONTNEED

  /**
   * Addresses of one mapping.
   *
   * @param from the first one
   * @param bytes how many
   */
  record Range(long from, long bytes) {}

  private LibraryPages() {}

  /** Lets go of all pages of a library that are as they are in its file. */
  static void release(Path library) {
    try {
      for (Range range : unchanged(Files.readAllLines(MAPS), library.toRealPath())) {
        OneDnnApi.get("madvise", range.from, range.bytes, DONT_NEED);
      }
    } catch (IOException e) {
      // Nothing is released where the system does not say what is mapped, which does no harm.
    }
  }

  /**
   * Mappings of a file that cannot be written to and hold no page that was: what the loader has
   * changed and protected then would be lost.
   *
   * @param maps lines in the format of Linux's {@code /proc/PID/smaps}
   */
  static List<Range> unchanged(List<String> maps, Path file) {
    List<Range> ranges = new ArrayList<>();
    boolean ours = false;
    long from = 0;
    long to = 0;
    for (String line : maps) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        ours = head.group(4).equals(file.toString()) && head.group(3).charAt(1) != 'w';
        from = Long.parseUnsignedLong(head.group(1), 16);
        to = Long.parseUnsignedLong(head.group(2), 16);
        continue;
      }
      Matcher copied = COPIED.matcher(line);
      if (ours && copied.matches() && copied.group(1).equals("0")) {
        ranges.add(new Range(from, to - from));
      }
    }
    return ranges;
  }
}
