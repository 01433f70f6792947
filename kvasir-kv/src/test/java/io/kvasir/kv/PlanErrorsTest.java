package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every sentence a wrong plan is answered with. */
class PlanErrorsTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiterString = "->",
      value = {
        // names
        "snapvk(keep=25%) | q8 -> unknown method \"snapvk\" in \"snapvk(keep=25%) | q8\"; nearest: snapkv (scorer). All: kvasir kv list",
        "streaming(keep=9) -> unknown method \"streaming\" in \"streaming(keep=9)\"; nearest: streaming-llm (scorer). All: kvasir kv list",
        "Q8 -> unknown method \"Q8\"; nearest: q8 (codec), q4 (codec). All: kvasir kv list",
        "compressmylargecache -> unknown method \"compressmylargecache\". All: kvasir kv list",
        "snapkv(keep=9,windw=4) -> snapkv: unknown parameter \"windw\", nearest: window; known: keep, every, window, kernel, pool",
        "kivi(keep=9) -> kivi: unknown parameter \"keep\"; known: bits, group, window",
        "q8(bits=4) -> q8: unknown parameter \"bits\"; it takes none",
        "x:q8 -> unknown prefix \"x:\" in \"x:q8\"; expected k:, v: or layers=0-3:",
        // values
        "snapkv(keep=9,kernel=4) -> snapkv: kernel=4 must be odd, for example 3 or 5",
        "kivi(bits=3) -> kivi: bits=3 is not one of 2, 4",
        "kivi(bits=-2) -> kivi: bits=-2 is not one of 2, 4",
        "kivi(bits=two) -> kivi: bits=two is not a whole number",
        "snapkv(keep=9,window=2.5) -> snapkv: window=2.5 is not a whole number",
        "snapkv(keep=9,window=50%) -> snapkv: window=50% is not a whole number",
        "snapkv(keep=9,window=0) -> snapkv: window=0 is out of range; expected 1 to 4096",
        "snapkv(keep=9,window=99999999999) -> snapkv: window=99999999999 is out of range; expected 1 to 4096",
        "snapkv(keep=9,pool=avg) -> snapkv: pool=avg is not one of mean, max",
        "snapkv(keep=9,pool=1) -> snapkv: pool=1 is not one of mean, max",
        "pyramidkv(keep=9,beta=0.5) -> pyramidkv: beta=0.5 is out of range; expected 1 to 10000",
        "h2o(keep=9,recent=120%) -> h2o: recent=120% is out of range; expected 0% to 100%",
        "h2o(keep=9,recent=half) -> h2o: recent=half is not a share such as 50%",
        "random(keep=9,seed=-1) -> random: seed=-1 is out of range; expected at least 0",
        "random(keep=9,seed=9223372036854775808) -> random: seed=9223372036854775808 is out of range; expected at most 9223372036854775807",
        // keep, every, protect
        "snapkv -> snapkv: keep is missing; expected how much stays, for example snapkv(keep=25%)",
        "pyramidkv | q8 -> pyramidkv: keep is missing; expected how much stays, for example pyramidkv(keep=25%)",
        "uniform(every=8) -> uniform: keep is missing; expected how much stays, for example uniform(keep=25%)",
        "snapkv(keep=0) -> keep=0 is out of range; expected at least 1 pair",
        "snapkv(keep=-5) -> keep=-5 is out of range; expected at least 1 pair",
        "snapkv(keep=0%) -> keep=0% is out of range; expected more than 0% and at most 100%",
        "snapkv(keep=-1%) -> keep=-1% is out of range; expected more than 0% and at most 100%",
        "snapkv(keep=100.1%) -> keep=100.1% is out of range; expected more than 0% and at most 100%",
        "snapkv(keep=0MB) -> keep=0B is out of range; expected at least 1 byte",
        "snapkv(keep=99999999999GB) -> keep=99999999999GB is out of range; expected 1 to 9223372036854775807 bytes",
        "snapkv(keep=2147483648) -> keep=2147483648 is out of range; expected 1 to 2147483647 pairs",
        "snapkv(keep=0.25) -> keep=0.25 is not an amount; expected a share (25%), pairs per KV head (512) or bytes (64MB)",
        "snapkv(keep=0.5B) -> keep=0.5B is not an amount; expected a share (25%), pairs per KV head (512) or bytes (64MB)",
        "snapkv(keep=64mb) -> keep=64mb is not an amount; expected a share (25%), pairs per KV head (512) or bytes (64MB)",
        "snapkv(keep=half) -> keep=half is not an amount; expected a share (25%), pairs per KV head (512) or bytes (64MB)",
        "snapkv(keep=9) | pyramidkv(keep=9) -> keep stands twice, on snapkv and on pyramidkv; expected once",
        "snapkv(keep=9,every=0) -> every=0 is not a whole number of decoded tokens; expected 1 to 2147483647",
        "snapkv(keep=9,every=10%) -> every=10% is not a whole number of decoded tokens; expected 1 to 2147483647",
        "snapkv(keep=9) | protect -> protect names nothing to protect; expected for example protect(sinks=4,recent=64)",
        "snapkv(keep=9) | protect(sinks=-1) -> protect: sinks=-1 is out of range; expected at least 0",
        "snapkv(keep=9) | protect(sink=1) -> protect: unknown parameter \"sink\", nearest: sinks; known: sinks, recent",
        "protect(sinks=1) -> protect has no effect in a plan that drops nothing; expected a scorer, for example snapkv(keep=25%)",
        "snapkv(keep=9) | protect(sinks=1) | protect(sinks=2) -> protect stands twice; expected once",
        // contradictions
        "snapkv(keep=9) | knorm(keep=9) -> snapkv and knorm are both a scorer; a plan has one",
        "q8 | q4 -> q8 and q4 both choose the codec of keys; expected one, as in k:q8 | v:q4",
        "q8 | q8 -> q8 and q8 both choose the codec of keys; expected one, as in k:q8 | v:q4",
        "q8 | v:q4 -> q8 and v:q4 both choose the codec of values; expected one, as in k:q8 | v:q4",
        "layers=0-3:q8 | layers=3-5:q4 -> layers=0-3:q8 and layers=3-5:q4 both choose the codec of layer 3; expected one",
        "layers=3-1:q8 -> layers=3-1: ends before it starts; expected layers=1-3:",
        "layers=0-9999999:q8 -> layer \"9999999\" is beyond any model",
        "k:snapkv(keep=9) -> snapkv is a scorer; k:, v: and layers= go before a codec only",
        "layers=0-1:snapkv(keep=9) -> snapkv is a scorer; k:, v: and layers= go before a codec only",
        "k:protect(sinks=4) -> protect is for the whole plan; k:, v: and layers= go before a codec only",
        "snapkv(keep=9,window=4,window=5) -> snapkv: window stands twice; expected once",
        // grammar
        "| q8 -> expected a method name, found \"|\" at character 1 in \"| q8\"",
        "q8 | -> expected a method name, found the end in \"q8 |\"",
        "q8() -> expected a parameter name, found \")\" at character 4 in \"q8()\"",
        "q8 q4 -> expected \"|\" or the end of the plan, found \"q\" at character 4 in \"q8 q4\"",
        "snapkv(keep 9) -> expected \"=\" after \"keep\", found \"9\" at character 13 in \"snapkv(keep 9)\"",
        "snapkv(keep=9 -> expected \")\" or \",\" after the parameters of \"snapkv\", found the end in \"snapkv(keep=9\"",
        "snapkv(keep=) -> expected a value, found \")\" at character 13 in \"snapkv(keep=)\"",
        "snapkv(keep=1.2.3) -> \"1.2.3\" in \"snapkv(keep=1.2.3)\" is not a number; expected digits such as 32 or 0.5",
        "snapkv(keep=-) -> \"-\" in \"snapkv(keep=-)\" is not a number; expected digits such as 32 or 0.5",
        "snapkv(keep=1234567890123456789012345) -> the number \"1234567890123456789012345\" has 25 characters; expected at most 24",
        "layers=a:q8 -> expected a layer number, counted from 0, found \"a\" at character 8 in \"layers=a:q8\"",
        "layers=1:q8 -> expected \"-\" after the first layer, found \":\" at character 9 in \"layers=1:q8\"",
        "layers=1-2 q8 -> expected \":\" after the last layer, found \"q\" at character 12 in \"layers=1-2 q8\"",
        "k:layers=1-2:q8 -> expected \"|\" or the end of the plan, found \"=\" at character 9 in \"k:layers=1-2:q8\"",
        "q8 | d\u202e2o -> expected \"|\" or the end of the plan, found \"\\u202e\" at character 7 in \"q8 | d\\u202e2o\"",
      })
  void isAnsweredInOneSentence(String text, String sentence) {
    assertRefused(text, sentence);
  }

  @Test
  void emptyTextIsRefused() {
    String sentence =
        "the plan is empty; expected methods separated by \"|\", for example snapkv(keep=25%) | q8";
    assertRefused("", sentence);
    assertRefused(" \t\n", sentence);
  }

  @Test
  void longTextIsRefusedBeforeItIsRead() {
    assertRefused(
        "x".repeat(5000),
        "the plan \"" + "x".repeat(80) + "...\" has 5000 characters; expected at most 4096");
  }

  @Test
  void deepNestingIsRefused() {
    String text = "a(b=".repeat(9) + "c" + ")".repeat(9);
    assertRefused(text, "methods are nested deeper than 8 in \"" + text + "\"");
  }

  @Test
  void textThatIsTooLongOncePrintedIsRefused() {
    StringBuilder text = new StringBuilder("f32");
    for (int layer = 0; layer < 400; layer += 2) {
      text.append("|layers=").append(layer).append('-').append(layer).append(":kivi");
    }
    assertThatThrownBy(() -> KvPlan.parse(text.toString()))
        .isInstanceOf(KvPlanException.class)
        .hasMessageMatching(
            "the plan \".*\\.\\.\\.\" has \\d+ characters with every parameter; expected at most 4096");
  }

  private static void assertRefused(String text, String sentence) {
    assertThatThrownBy(() -> KvPlan.parse(text))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(sentence);
  }
}
