package io.kvasir.cli.demo;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A planted fact: a number that only one sentence of the document tells. The facts differ in form,
 * as real ones do; a small model asked for one of many alike mixes them up even with the full
 * cache.
 *
 * @param sentence what is planted
 * @param question what is asked, once the document has been read
 * @param number digits
 */
public record Fact(String sentence, String question, String number) {
  static final List<Fact> ALL =
      List.of(
          new Fact(
              "The secret number of the blue lighthouse is 48213.",
              "What is the secret number of the blue lighthouse?",
              "48213"),
          new Fact(
              "The door code of the silver museum is 9057.",
              "What is the door code of the silver museum?",
              "9057"),
          new Fact(
              "The locker key of Captain Orlan is 3176.",
              "What is the locker key of Captain Orlan?",
              "3176"),
          new Fact(
              "The height of the tower of Velmora is 7529 feet.",
              "What is the height of the tower of Velmora?",
              "7529"),
          new Fact(
              "The great bell of Quillhaven was cast in the year 1684.",
              "In which year was the great bell of Quillhaven cast?",
              "1684"),
          new Fact(
              "The golden violin was sold for 6239 dollars.",
              "For how many dollars was the golden violin sold?",
              "6239"),
          new Fact(
              "The telephone number of Doctor Brask is 8415.",
              "What is the telephone number of Doctor Brask?",
              "8415"),
          new Fact(
              "The marble fox weighs 2963 pounds.",
              "How many pounds does the marble fox weigh?",
              "2963"));

  /** Whether the number stands in an answer, by itself and with or without thousands commas. */
  boolean isIn(String answer) {
    String digits = answer.replaceAll("(?<=\\d),(?=\\d{3}(?!\\d))", "");
    return Pattern.compile("(?<!\\d)" + number + "(?!\\d)").matcher(digits).find();
  }
}
