package io.kvasir.kv.codec;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Pages kept as text: their size, then offset and bytes of each run of 32 that is not zero. {@code
 * -Dkvasir.golden=write} writes them anew.
 */
final class GoldenPage {
  private static final Path FOLDER = Path.of("src/test/resources/golden/page-v1");
  private static final int RUN = 32;

  private GoldenPage() {}

  static MemorySegment of(String name, MemorySegment now) throws IOException {
    Path file = FOLDER.resolve(name.toLowerCase(Locale.ROOT) + ".txt");
    if ("write".equals(System.getProperty("kvasir.golden"))) {
      Files.createDirectories(FOLDER);
      Files.write(file, lines(CodecContract.bytes(now)));
    }
    List<String> lines = Files.readAllLines(file);
    MemorySegment page = Arena.ofAuto().allocate(Integer.parseInt(lines.getFirst()), 64);
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" ", 2);
      byte[] run = HexFormat.of().parseHex(parts[1]);
      MemorySegment.copy(
          MemorySegment.ofArray(run), 0, page, Integer.parseInt(parts[0]), run.length);
    }
    return page;
  }

  private static List<String> lines(byte[] bytes) {
    List<String> lines = new ArrayList<>();
    lines.add(Integer.toString(bytes.length));
    for (int at = 0; at < bytes.length; at += RUN) {
      String run = HexFormat.of().formatHex(bytes, at, Math.min(at + RUN, bytes.length));
      if (!run.matches("0*")) {
        lines.add(at + " " + run);
      }
    }
    return lines;
  }
}
