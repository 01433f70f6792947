package io.kvasir.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFileTest {
  @TempDir Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private List<Document> read(String name, String... lines) throws IOException {
    return DataFile.read(write(name, lines), Optional.empty(), Optional.empty());
  }

  @Test
  void aLineOfLongBenchIsScoredAsItsDatasetIs() throws IOException {
    Document document =
        read(
                "hotpotqa.jsonl",
                """
                {"input":"Who built it?","context":"Eiffel built it.","answers":["Gustave Eiffel","Eiffel"],\
                "length":3,"dataset":"hotpotqa","language":"en","all_classes":null,"_id":"x"}""")
            .getFirst();
    Question question = document.questions().getFirst();
    assertThat(document.task()).isEqualTo("longbench:hotpotqa");
    assertThat(document.context()).isEqualTo("Eiffel built it.");
    assertThat(document.aware()).isFalse();
    assertThat(question.text()).endsWith("\nWho built it?");
    assertThat(question.metric()).isEqualTo(Metric.F1);
    assertThat(question.answerTokens()).isEqualTo(32);
    assertThat(question.answer()).isEqualTo(" Gustave Eiffel");
    assertThat(question.score("the Eiffel")).isEqualTo(1);
  }

  @Test
  void onlyTheFirstLineOfFewShotDatasetsCounts() throws IOException {
    String trec =
        """
        {"input":"Question: How many?\\nType:","context":"Shots","answers":["Number"],\
        "dataset":"trec_e","all_classes":["Number","Date"]}""";
    Question question = read("trec.jsonl", trec).getFirst().questions().getFirst();
    assertThat(question.candidates()).containsExactly("Number", "Date");
    assertThat(question.score("\nNumber\nQuestion: When?\nType: Date")).isEqualTo(1);
    assertThat(question.score("Number or Date")).isEqualTo(0.5);
  }

  @Test
  void aChoiceOfLongBenchTwoIsOneLetter() throws IOException {
    Document document =
        read(
                "data.jsonl",
                """
                {"_id":"1","question":"What?","choice_A":"one","choice_B":"two","choice_C":"three",\
                "choice_D":"four","answer":"C","context":" Long. ","difficulty":"easy"}""")
            .getFirst();
    Question question = document.questions().getFirst();
    assertThat(question.text()).contains("What?\n(A) one\n(B) two\n(C) three\n(D) four");
    assertThat(question.prefix() + question.answer()).isEqualTo("The right answer is (C");
    assertThat(question.candidates()).containsExactly("A", "B", "C", "D");
    assertThat(question.score("C) three")).isEqualTo(1);
    assertThat(question.score("A")).isZero();
  }

  @Test
  void questionsOfScBenchShareTheirContext() throws IOException {
    Document document =
        read(
                "scbench_kv.jsonl",
                """
                {"id":1,"context":"{...}","multi_turns":[{"input":"Key a:","answer":"17"},\
                {"input":"Key b:","answer":[18]},\
                {"input":"Which?","answer":"blue","options":["red","blue"]}]}""")
            .getFirst();
    assertThat(document.task()).isEqualTo("scbench:scbench_kv");
    assertThat(document.questions()).hasSize(3);
    assertThat(document.questions().get(1).gold()).containsExactly("18");
    assertThat(document.questions().get(1).score("it is 18.")).isEqualTo(1);
    assertThat(document.questions().get(2).gold()).containsExactly("B");
    assertThat(document.questions().get(2).score("B) blue")).isEqualTo(1);
  }

  @Test
  void linesInARowAboutOneContextAreOneDocument() throws IOException {
    String line =
        """
        {"context":"%s","question":"%s","answer_prefix":"It is","answer":["1","2"],\
        "task":"niah_multivalue","max_new_tokens":64}""";
    List<Document> documents =
        read(
            "ruler.jsonl",
            line.formatted("first", "a?"),
            line.formatted("first", "b?"),
            "",
            line.formatted("second", "c?"));
    assertThat(documents).extracting(document -> document.questions().size()).containsExactly(2, 1);
    Question question = documents.getFirst().questions().getLast();
    assertThat(question.text()).isEqualTo("b?");
    assertThat(question.answerTokens()).isEqualTo(64);
    assertThat(question.answer()).isEqualTo(" 1");
    assertThat(question.score("2")).isEqualTo(0.5);
    assertThat(documents.getLast().place()).endsWith("ruler.jsonl:4");
  }

  @Test
  void rulersOwnLinesAreAskedInTheContextOrSplit() throws IOException {
    Path file =
        write(
            "niah.jsonl",
            """
            {"index":0,"input":"Text. What is a? Text.\\nWhat is b?","outputs":["7"],"answer_prefix":" It is"}""");
    Document whole = DataFile.read(file, Optional.empty(), Optional.empty()).getFirst();
    assertThat(whole.aware()).isTrue();
    assertThat(whole.context()).endsWith("What is b?");
    assertThat(whole.questions().getFirst().text()).isEmpty();
    Document split =
        DataFile.read(file, Optional.of(DataFormat.RULER), Optional.of(Pattern.compile("\nWhat")))
            .getFirst();
    assertThat(split.aware()).isFalse();
    assertThat(split.context()).isEqualTo("Text. What is a? Text.");
    assertThat(split.questions().getFirst().text()).isEqualTo("\nWhat is b?");
    assertThatThrownBy(
            () -> DataFile.read(file, Optional.empty(), Optional.of(Pattern.compile("Who"))))
        .hasMessage(
            file
                + ":1: field \"input\" has no question at \"Who\"; expected a pattern that finds its"
                + " beginning");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          {"context":"c","input":"i"           ! : not JSON at character
          [1]                                  ! : expected an object in braces, found a list
          {"text":"c"}                         ! : no known format has the fields text; expected one of longbench [context, input, answers]; longbench-v2
          {"input":7,"outputs":["a"]}          ! : field "input" is the number 7; expected a string
          {"input":"i","outputs":[]}           ! : field "outputs" is an empty list; expected at least one string
          {"input":"i","outputs":[null]}       ! : field "outputs" is null; expected a string or a list of strings
          {"input":"i","input":"j"}            ! : not JSON at character
          {"context":"c","multi_turns":{}}     ! : field "multi_turns" is an object; expected a list of objects
          {"context":"c","multi_turns":[5]}    ! : field "multi_turns[0]" is the number 5; expected an object
          {"context":"c","multi_turns":[{"input":"i"}]} ! : field "multi_turns[0].answer" is missing; expected a string or a list of strings
          {"context":"c","multi_turns":[{"input":"i","answer":"x","options":["a","b"]}]} ! : field "multi_turns[0].answer" is "x"; expected one of the options, or its letter
          {"context":"c","input":"i","answers":["a"],"dataset":"dureader"} ! : field "dataset" is "dureader", which is Chinese; expected an English one
          {"context":"c","input":"i","answers":["a"],"dataset":"hotpot"}   ! : field "dataset" is "hotpot", which is unknown, nearest: hotpotqa; known: narrativeqa
          {"context":"c","input":"i","answers":["7"],"dataset":"passage_retrieval_en"} ! : field "answers" is "7"; expected one such as "Paragraph 7"
          {"context":"c","question":"q","answer_prefix":"p","answer":"a","max_new_tokens":0} ! : field "max_new_tokens" is the number 0; expected a whole number of at least 1
          {"context":"c","question":"q","choice_A":"a","choice_B":"b","choice_C":"c","choice_D":"d","answer":"E"} ! : field "answer" is "E"; expected A, B, C or D
          """)
  void errorsSayLineAndField(String line, String message) throws IOException {
    Path file = write("bad.jsonl", "", line);
    assertThatThrownBy(() -> DataFile.read(file, Optional.empty(), Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ":2" + message);
  }

  @Test
  void theFormatOfTheFirstLineHoldsForAll() throws IOException {
    assertThatThrownBy(() -> read("x.jsonl", "{\"input\":\"i\",\"outputs\":\"o\"}", "{\"a\":1}"))
        .hasMessage(
            folder.resolve("x.jsonl") + ":2: field \"input\" is missing; expected a string");
  }

  @Test
  void formatsHaveNames() {
    assertThat(DataFormat.parse("longbench-v2")).isEqualTo(DataFormat.LONGBENCH_V2);
    assertThatThrownBy(() -> DataFormat.parse("longbnch"))
        .hasMessage(
            "unknown format \"longbnch\", nearest: longbench; known: longbench,"
                + " longbench-v2, scbench, kvpress, ruler");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path file = write("empty.jsonl", "", " ");
    assertThatThrownBy(() -> DataFile.read(file, Optional.empty(), Optional.empty()))
        .hasMessage(file + " has no line; expected one JSON object in each");
  }

  @Test
  void aTextAndQuestionsHaveNoGold() throws IOException {
    Path text = write("report.txt", "All is well.");
    Path questions = write("q.txt", " Is it? ", "", "What is?");
    Document document = DataFile.read(text, questions);
    assertThat(document.task()).isEqualTo("doc:report.txt");
    assertThat(document.questions())
        .extracting(Question::text)
        .containsExactly("Is it?", "What is?");
    assertThat(document.questions().getFirst().score("Yes.")).isNaN();
    Path none = write("none.txt", "");
    assertThatThrownBy(() -> DataFile.read(text, none))
        .hasMessage(none + " has no question; expected one in each line");
    assertThatThrownBy(() -> DataFile.read(none, questions))
        .hasMessage(none + " is empty; expected a text");
  }
}
