package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Needles in a haystack: sentences that give names secret values, among others that do not.
 *
 * <p>Source: RULER, Hsieh et al. 2024, arXiv:2404.06654, section 3; its eight configurations
 * (scripts/synthetic.yaml), in our words.
 *
 * <p>Differs: RULER asks one question of a context, we ask eight, so each configuration's needles
 * are planted eight times over; names are of our own lists; haystacks of prose are of the corpus.
 *
 * @param name the configuration's
 * @param hay what the needles lie in
 * @param keys names of that form
 * @param values of that form
 * @param rivals names that are planted for each one asked: that one and as many others
 * @param valuesPerKey each a needle of its own
 * @param asked names in one question
 */
record Niah(String name, Hay hay, Form keys, Form values, int rivals, int valuesPerKey, int asked)
    implements Task {

  static final List<Niah> ALL =
      List.of(
          new Niah("niah-s1", Hay.NOISE, Form.NAME, Form.NUMBER, 1, 1, 1),
          new Niah("niah-s2", Hay.PROSE, Form.NAME, Form.NUMBER, 1, 1, 1),
          new Niah("niah-s3", Hay.PROSE, Form.NAME, Form.UUID, 1, 1, 1),
          new Niah("niah-mk1", Hay.PROSE, Form.NAME, Form.NUMBER, 4, 1, 1),
          new Niah("niah-mk2", Hay.NEEDLES, Form.NAME, Form.NUMBER, 1, 1, 1),
          new Niah("niah-mk3", Hay.NEEDLES, Form.UUID, Form.UUID, 1, 1, 1),
          new Niah("niah-mv", Hay.PROSE, Form.NAME, Form.NUMBER, 1, 4, 1),
          new Niah("niah-mq", Hay.PROSE, Form.NAME, Form.NUMBER, 4, 1, 4));

  /** What needles lie in. */
  enum Hay {
    NOISE,
    PROSE,
    /** Other needles, nothing else. */
    NEEDLES
  }

  /** What a name or a value looks like. */
  enum Form {
    NAME,
    NUMBER,
    UUID;

    String draw(UniformRandomProvider random) {
      return switch (this) {
        case NAME -> Words.name(random);
        case NUMBER -> Draws.digits(random, 7);
        case UUID -> Draws.uuid(random);
      };
    }
  }

  /** A name and what it is given. */
  private record Needle(String key, List<String> values) {
    List<String> sentences() {
      return values.stream().map(value -> sentence(key, value)).toList();
    }
  }

  private static String sentence(String key, String value) {
    return "Note well: the secret of %s is %s.".formatted(key, value);
  }

  @Override
  public String about() {
    return "find the secrets of names in %s (RULER, Hsieh et al. 2024)"
        .formatted(
            switch (hay) {
              case NOISE -> "noise";
              case PROSE -> "prose";
              case NEEDLES -> "secrets of other names";
            });
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    Set<String> taken = new HashSet<>();
    List<Needle> needles =
        Stream.generate(() -> needle(random, taken))
            .limit((long) Recipe.QUESTIONS * rivals)
            .toList();
    List<Evidence> evidence = hidden(recipe, random, needles);
    Haystack haystack = haystack(recipe, random, taken);
    Haystack padding = hay == Hay.NEEDLES ? Haystack.noise() : haystack;
    List<Question> questions = questions(recipe, needles);
    String context =
        Fill.fill(
            this,
            recipe,
            recipe.room(questions),
            (sentences, words) ->
                "The text below tells the secrets of some names. Keep them in mind: you will be"
                    + " asked about them.\n\n"
                    + haystack.text(sentences, evidence)
                    + padding.words(sentences, words));
    return Items.of(this, recipe, hay == Hay.PROSE, context, located(context, needles, questions));
  }

  private Needle needle(UniformRandomProvider random, Set<String> taken) {
    return new Needle(
        unused(random, taken), Draws.distinct(valuesPerKey, () -> values.draw(random)));
  }

  /** Names that are taken are made longer, so that there are always more. */
  private String unused(UniformRandomProvider random, Set<String> taken) {
    String key = keys.draw(random);
    while (!taken.add(key)) {
      key += "-" + keys.draw(random);
    }
    return key;
  }

  /** Sentences of one question are spread over the whole context, as those of all are. */
  private static List<Evidence> hidden(
      Recipe recipe, UniformRandomProvider random, List<Needle> needles) {
    List<String> sentences =
        Draws.shuffled(random, needles.stream().flatMap(n -> n.sentences().stream()).toList());
    List<Evidence> evidence = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      evidence.add(new Evidence(sentences.get(i), recipe.depth(i, sentences.size())));
    }
    return evidence;
  }

  private Haystack haystack(Recipe recipe, UniformRandomProvider random, Set<String> taken) {
    return switch (hay) {
      case NOISE -> Haystack.noise();
      case PROSE -> Haystack.prose(recipe.prose(), random.nextDouble());
      case NEEDLES -> {
        List<String> others = new ArrayList<>();
        yield new Haystack(
            i -> {
              while (others.size() <= i) {
                others.add(needle(random, taken).sentences().getFirst());
              }
              return others.get(i);
            },
            "\n");
      }
    };
  }

  private List<Question> questions(Recipe recipe, List<Needle> needles) {
    List<Question> questions = new ArrayList<>();
    for (int q = 0; q < Recipe.QUESTIONS; q++) {
      List<Needle> wanted = wanted(needles, q);
      String names = Sentences.list(wanted.stream().map(Needle::key).toList());
      List<String> gold = wanted.stream().flatMap(needle -> needle.values().stream()).toList();
      String secret = gold.size() == 1 ? "secret" : "secrets";
      String is = gold.size() == 1 ? "is" : "are";
      questions.add(
          Question.lookup(
              recipe,
              "What %s the %s of %s?".formatted(is, secret, names),
              "The %s of %s %s".formatted(secret, names, is),
              gold,
              Metric.SHARE_FOUND));
    }
    return questions;
  }

  private List<Needle> wanted(List<Needle> needles, int question) {
    return needles.subList(question * rivals, question * rivals + asked);
  }

  private List<Question> located(String context, List<Needle> needles, List<Question> questions) {
    List<Question> located = new ArrayList<>();
    for (int q = 0; q < questions.size(); q++) {
      List<String> sentences =
          wanted(needles, q).stream().flatMap(needle -> needle.sentences().stream()).toList();
      located.add(questions.get(q).at(Haystack.depth(context, sentences)));
    }
    return located;
  }
}
