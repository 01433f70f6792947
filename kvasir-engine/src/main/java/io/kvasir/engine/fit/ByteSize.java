package io.kvasir.engine.fit;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: powers of ten, {@code 98.4 MB}, as plans do. */
public final class ByteSize {
  private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB", "PB", "EB");

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?) ?([kmgt]?)(i?)b?", Pattern.CASE_INSENSITIVE);

  private ByteSize() {}

  /** Three digits of a size, rounded. */
  public static String text(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5) {
      value /= 1000;
      unit++;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS.get(unit));
  }

  /**
   * Reads a size: {@code 4GB} is 4*10^9 bytes, {@code 4GiB} is 4*2^30, {@code 1048576} is that
   * many.
   *
   * @param name of the setting, for the sentence
   * @throws IllegalArgumentException naming the setting and its value, when it is no such size
   */
  public static long parse(String name, String text) {
    Matcher form = FORM.matcher(text.strip());
    if (form.matches()) {
      int power = 1 + "kmgt".indexOf(form.group(2).toLowerCase(Locale.ROOT));
      BigDecimal unit = BigDecimal.valueOf(form.group(3).isEmpty() ? 1000 : 1024);
      boolean plain = form.group(2).isEmpty();
      BigDecimal bytes =
          new BigDecimal(form.group(1)).multiply(plain ? BigDecimal.ONE : unit.pow(power));
      if (bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
        return bytes.longValue();
      }
    }
    throw new IllegalArgumentException(
        "%s=%s is no size of memory; expected one such as 4GB, 512MB or 2GiB"
            .formatted(name, text.length() <= 40 ? text : text.substring(0, 37) + "..."));
  }
}
