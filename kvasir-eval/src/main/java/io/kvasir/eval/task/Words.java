package io.kvasir.eval.task;

import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/** Plain English words that tasks draw names from. */
final class Words {
  static final List<String> ADJECTIVES =
      words(
          "amber ancient bitter bold brave bright broad bronze calm clever coarse cold copper"
              + " crimson curly damp dark deep dusty early eager faint fierce floral frozen gentle"
              + " giant golden grand hollow humble icy idle jolly keen late lively lonely lucky"
              + " mellow misty modest narrow noble odd pale patient plain proud quick quiet rapid"
              + " rare rough round rusty scarlet shy silent silver slow smooth solid sour stern"
              + " stray subtle sunny sweet tall tame tender tidy tiny vast vivid warm wild young");

  static final List<String> ANIMALS =
      words(
          "badger beaver bison camel crane donkey eagle falcon ferret finch gander gecko heron"
              + " hornet jackal lizard magpie marten moose otter panther pigeon rabbit raven salmon"
              + " sparrow squirrel tiger turtle walrus weasel zebra");

  static final List<String> TOOLS =
      words(
          "anvil axe bellows broom bucket chisel clamp crowbar drill file funnel hammer hoe ladder"
              + " lathe lever mallet needle pliers plough pulley rake ruler saw scissors shovel"
              + " sickle spanner tongs trowel wedge wrench");

  static final List<String> FOODS =
      words(
          "almond apple bagel barley butter cabbage carrot celery cheese cherry dumpling garlic"
              + " ginger honey lemon lentil muffin mustard noodle olive onion pancake parsley"
              + " pepper pickle plum porridge pretzel pumpkin raisin radish walnut");

  static final List<String> PLACES =
      words(
          "abbey airport arcade barn bridge canal castle cathedral cellar chapel cottage courtyard"
              + " factory garage garden harbour hospital hotel island library lighthouse mansion"
              + " market mill monastery museum orchard palace quarry stable theatre tower");

  static final List<String> NOUNS =
      List.of(ANIMALS, TOOLS, FOODS, PLACES).stream().flatMap(List::stream).toList();

  private Words() {}

  private static List<String> words(String spaced) {
    return List.of(spaced.split(" "));
  }

  /** An adjective and a noun: {@code amber-anvil}. */
  static String name(UniformRandomProvider random) {
    return Draws.one(random, ADJECTIVES) + "-" + Draws.one(random, NOUNS);
  }
}
