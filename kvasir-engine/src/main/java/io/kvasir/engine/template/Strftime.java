package io.kvasir.engine.template;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;

/** {@code strftime} of the C library in its C locale, for {@code strftime_now}. */
final class Strftime {
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

  /** Steps that laying out a field is worth. */
  private static final int FIELD_COST = 20;

  private Strftime() {}

  static String format(String format, LocalDateTime time, Budget budget) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      budget.elements(FIELD_COST);
      char flag = format.charAt(i + 1);
      boolean flagged = "-_0^#".indexOf(flag) >= 0 && i + 2 < format.length();
      i += flagged ? 2 : 1;
      String field = field(format.charAt(i), time);
      out.append(flagged ? flagged(flag, field) : field);
    }
    return out.finish();
  }

  private static String flagged(char flag, String field) {
    String digits = field.stripLeading().replaceFirst("^0+(?=\\d)", "");
    int padding = field.length() - digits.length();
    return switch (flag) {
      case '-' -> digits;
      case '_' -> " ".repeat(padding) + digits;
      case '0' -> "0".repeat(padding) + digits;
      default -> field.toUpperCase(Locale.ROOT);
    };
  }

  private static String field(char directive, LocalDateTime time) {
    int weekday = time.getDayOfWeek().getValue();
    int hour12 = (time.getHour() + 11) % 12 + 1;
    String day = DAYS.get(weekday - 1);
    String month = MONTHS.get(time.getMonthValue() - 1);
    String half = time.getHour() < 12 ? "AM" : "PM";
    return switch (directive) {
      case 'Y' -> Integer.toString(time.getYear());
      case 'y' -> padded("%02d", Math.floorMod(time.getYear(), 100));
      case 'C' -> padded("%02d", Math.floorDiv(time.getYear(), 100));
      case 'm' -> padded("%02d", time.getMonthValue());
      case 'B' -> month;
      case 'b', 'h' -> month.substring(0, 3);
      case 'd' -> padded("%02d", time.getDayOfMonth());
      case 'e' -> padded("%2d", time.getDayOfMonth());
      case 'j' -> padded("%03d", time.getDayOfYear());
      case 'A' -> day;
      case 'a' -> day.substring(0, 3);
      case 'u' -> Integer.toString(weekday);
      case 'w' -> Integer.toString(weekday % 7);
      case 'H' -> padded("%02d", time.getHour());
      case 'k' -> padded("%2d", time.getHour());
      case 'I' -> padded("%02d", hour12);
      case 'l' -> padded("%2d", hour12);
      case 'M' -> padded("%02d", time.getMinute());
      case 'S' -> padded("%02d", time.getSecond());
      case 'f' -> padded("%06d", time.get(ChronoField.MICRO_OF_SECOND));
      case 'p' -> half;
      case 'P' -> half.toLowerCase(Locale.ROOT);
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'V' -> padded("%02d", time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'U' -> padded("%02d", (time.getDayOfYear() + 6 - weekday % 7) / 7);
      case 'W' -> padded("%02d", (time.getDayOfYear() + 7 - weekday) / 7);
      case 'Z', 'z' -> ""; // a local time without a zone
      case 'D', 'x' -> fields("m/d/y", time);
      case 'F' -> fields("Y-m-d", time);
      case 'T', 'X' -> fields("H:M:S", time);
      case 'R' -> fields("H:M", time);
      case 'r' -> fields("I:M:S p", time);
      case 'c' -> fields("a b e H:M:S Y", time);
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> "%" + directive;
    };
  }

  private static String padded(String format, int value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Several directives at once: letters are directives, the rest stands for itself. */
  private static String fields(String directives, LocalDateTime time) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < directives.length(); i++) {
      char c = directives.charAt(i);
      out.append(Character.isLetter(c) ? field(c, time) : String.valueOf(c));
    }
    return out.toString();
  }
}
