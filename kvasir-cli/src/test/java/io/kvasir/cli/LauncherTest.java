package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.References;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher script in a small tree of its own, with a Maven and JDKs that are shell scripts
 * and say what they were asked to do.
 */
class LauncherTest {
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$JAVA_HOME: $*" >>"$TEST/maven.log"
      if [ -f "$TEST/broken" ]; then echo "the reason"; exit 1; fi
      mkdir -p kvasir-cli/target/lib
      : >kvasir-cli/target/kvasir-cli-1.jar
      """;
  private static final String JAVA =
      """
      #!/bin/sh
      for argument; do
        case $argument in
          -XX:AOTCacheOutput=*) [ -f "$TEST/untrained" ] || echo classes >"${argument#*=}"; exit ;;
        esac
      done
      echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
      echo 'something else' >&2
      echo "<MALLOC_MMAP_THRESHOLD_=$MALLOC_MMAP_THRESHOLD_>"
      echo "<MALLOC_ARENA_MAX=$MALLOC_ARENA_MAX>"
      for argument; do echo "<$argument>"; done
      echo "locale ${LC_ALL:-of the user}"
      exit 7
      """;

  @TempDir Path temp;
  private Path root;
  private Path bin;

  private record Ran(int exit, String out, String err) {}

  @BeforeEach
  void makeTree() throws IOException {
    root = Files.createDirectories(temp.resolve("a checkout"));
    bin = Files.createDirectories(temp.resolve("bin"));
    Path script = References.root().resolve("kvasir");
    // The machine's own JDKs must not be found.
    write(root.resolve("kvasir"), Files.readString(script).replace("/usr/lib/jvm", "$TEST/jvm"));
    write(root.resolve("pom.xml"), "<project/>");
    write(root.resolve("kvasir-cli/src/main/java/Main.java"), "class Main {}");
    write(bin.resolve("mvn"), MAVEN);
  }

  @Test
  void passesArgumentsAndTheExitCodeOn() {
    Path jdk = jdk("home", "25.0.1");
    Ran ran = run(Map.of("JAVA_HOME", jdk.toString()), "ask", "what is this?", "*");
    assertThat(ran.exit).isEqualTo(7);
    assertThat(ran.out)
        .contains("<--add-modules>\n<jdk.incubator.vector>\n")
        .contains("<io.kvasir.cli.Main>\n<ask>\n<what is this?>\n<*>\n");
  }

  @Test
  void argumentsAreUtf8WhereNoLocaleSaysOtherwise() {
    String jdk = jdk("home", "25").toString();
    assertThat(run(Map.of("JAVA_HOME", jdk)).out).endsWith("locale C.UTF-8\n");
    assertThat(run(Map.of("JAVA_HOME", jdk, "LC_ALL", "POSIX")).out).endsWith("locale C.UTF-8\n");
    assertThat(run(Map.of("JAVA_HOME", jdk, "LANG", "de_DE.UTF-8")).out)
        .endsWith("locale of the user\n");
  }

  /** So that glibc gives the memory of closed caches back. */
  @Test
  void fixesTheSizeFromWhichMemoryIsMapped() {
    String jdk = jdk("home", "25").toString();
    assertThat(run(Map.of("JAVA_HOME", jdk)).out).startsWith("<MALLOC_MMAP_THRESHOLD_=131072>\n");
    assertThat(run(Map.of("JAVA_HOME", jdk, "MALLOC_MMAP_THRESHOLD_", "7")).out)
        .startsWith("<MALLOC_MMAP_THRESHOLD_=7>\n");
  }

  @Test
  void keepsOneArenaOfMallocUnlessTheUserWantsMore() {
    String jdk = jdk("home", "25").toString();
    assertThat(run(Map.of("JAVA_HOME", jdk)).out).contains("<MALLOC_ARENA_MAX=1>\n");
    assertThat(run(Map.of("JAVA_HOME", jdk, "MALLOC_ARENA_MAX", "4")).out)
        .contains("<MALLOC_ARENA_MAX=4>\n");
  }

  @Test
  void beginsWithASmallHeapThatTheUserMayReplace() {
    String jdk = jdk("home", "25").toString();
    assertThat(run(Map.of("JAVA_HOME", jdk, "KVASIR_JAVA_OPTS", "-Xms1g")).out)
        .contains("<-XX:+UseSerialGC>\n<-Xms16m>\n")
        .containsSubsequence("<-Xms16m>", "<-Xms1g>", "io.kvasir.cli.Main");
    assertThat(run(Map.of("JAVA_HOME", jdk, "KVASIR_JAVA_OPTS", "-XX:+UseZGC")).out)
        .doesNotContain("-Xms", "NewSize", "UseSerialGC");
  }

  @Test
  void dropsTheIncubatorLineAndNothingElse() {
    Path jdk = jdk("home", "25");
    run(Map.of("JAVA_HOME", jdk.toString()));
    assertThat(run(Map.of("JAVA_HOME", jdk.toString())).err).isEqualTo("something else\n");
  }

  @Test
  void buildsOnceAndAgainWhenASourceIsNewer() throws IOException {
    Map<String, String> set = Map.of("JAVA_HOME", jdk("home", "25").toString());
    assertThat(run(set).err).contains("kvasir: building");
    assertThat(run(set).err).doesNotContain("building");
    Path source = root.resolve("kvasir-cli/src/main/java/Main.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run(set).err).contains("kvasir: building");
    assertThat(Files.readString(temp.resolve("maven.log")))
        .contains("/home: -B -q -DskipTests -Dquick package");
  }

  @Test
  void startsWithTheAotCacheThatTheBuildLeft() {
    String jdk = jdk("home", "25").toString();
    String used = "<-XX:AOTCache=" + root.resolve("kvasir-cli/target/kvasir.aot") + ">\n";
    assertThat(run(Map.of("JAVA_HOME", jdk)).out).contains(used);
    assertThat(run(Map.of("JAVA_HOME", jdk, "KVASIR_AOT", "off")).out).doesNotContain("AOT");
    assertThat(run(Map.of("JAVA_HOME", jdk, "KVASIR_JAVA_OPTS", "-XX:AOTCache=mine")).out)
        .contains("<-XX:AOTCache=mine>")
        .doesNotContain(used);
  }

  @Test
  void startsWithoutAnAotCacheWhereNoneCouldBeMade() throws IOException {
    String jdk = jdk("home", "25").toString();
    write(temp.resolve("untrained"), "");
    Ran ran = run(Map.of("JAVA_HOME", jdk));
    assertThat(ran.exit).isEqualTo(7);
    assertThat(ran.out).doesNotContain("AOT");
    assertThat(root.resolve("kvasir-cli/target/kvasir.aot")).doesNotExist();
  }

  @Test
  void aFailedBuildShowsItsLogAndLeavesNoLock() throws IOException {
    write(temp.resolve("broken"), "");
    Map<String, String> set = Map.of("JAVA_HOME", jdk("home", "25").toString());
    Ran ran = run(set);
    assertThat(ran.exit).isEqualTo(1);
    assertThat(ran.err).contains("the reason\n").contains("kvasir: the build failed");
    Files.delete(temp.resolve("broken"));
    assertThat(run(set).exit).isEqualTo(7);
  }

  @Test
  void breaksTheLockOfAProcessThatIsGone() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    write(root.resolve("target/build.lock/pid"), gone.pid() + "\n");
    assertThat(run(Map.of("JAVA_HOME", jdk("home", "25").toString())).exit).isEqualTo(7);
  }

  @Test
  void twoFirstUsesAtOnceBuildOnce() throws Exception {
    Map<String, String> set = Map.of("JAVA_HOME", jdk("home", "25").toString());
    List<Ran> ran = new ArrayList<>();
    Thread other = Thread.ofPlatform().start(() -> ran.add(run(set)));
    Ran here = run(set);
    other.join();
    assertThat(List.of(here.exit, ran.getFirst().exit)).containsExactly(7, 7);
    assertThat(Files.readAllLines(temp.resolve("maven.log"))).hasSize(1);
  }

  @Test
  void runsThroughASymbolicLink() throws IOException {
    Path link = Files.createSymbolicLink(bin.resolve("kv"), root.resolve("kvasir"));
    Ran ran = run(Map.of("JAVA_HOME", jdk("home", "25").toString()), link);
    assertThat(ran.out).contains("a checkout/kvasir-cli/target/kvasir-cli-1.jar:");
  }

  @Test
  void skipsOldJdksAndTakesTheLowestThatWillDo() {
    Path old = jdk("old", "17.0.15");
    jdk("jvm/a", "27");
    jdk("jvm/b", "26.0.2");
    jdk("jvm/c", "1.8.0_400");
    run(Map.of("JAVA_HOME", old.toString()));
    assertThat(temp.resolve("maven.log")).content().contains("jvm/b: -B");
  }

  @Test
  void findsSdkmansJdk() {
    jdk("user/.sdkman/candidates/java/25.0.1-tem", "25.0.1");
    assertThat(run(Map.of()).exit).isEqualTo(7);
  }

  @Test
  void withoutAJdkItSaysHowToGetOne() {
    Ran ran = run(Map.of("JAVA_HOME", jdk("old", "17").toString()));
    assertThat(ran.exit).isEqualTo(1);
    assertThat(ran.err).startsWith("kvasir: no JDK 25 or newer in JAVA_HOME").contains("adoptium");
  }

  @Test
  void testRunsTheWholeBuild() throws IOException {
    Map<String, String> set = new TreeMap<>();
    set.put("JAVA_HOME", jdk("home", "25").toString());
    set.put("KVASIR_MAVEN_ARGS", "-Done -Dtwo");
    run(set, "test");
    assertThat(Files.readString(temp.resolve("maven.log"))).contains(": -B -Done -Dtwo verify\n");
    assertThat(run(set).err).as("all is built by then").doesNotContain("building");
  }

  private Path jdk(String name, String version) {
    Path home = temp.resolve(name);
    write(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    write(home.resolve("bin/java"), JAVA);
    write(home.resolve("bin/javac"), "");
    return home;
  }

  private Ran run(Map<String, String> set, String... arguments) {
    return run(set, root.resolve("kvasir"), arguments);
  }

  private Ran run(Map<String, String> set, Path script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("HOME", temp.resolve("user").toString());
    builder.environment().put("TEST", temp.toString());
    builder.environment().putAll(set);
    try {
      // Read to its end: the filter on standard error outlives the process by a moment.
      Path out = Files.createTempFile(temp, "out", "");
      Process process = builder.redirectOutput(out.toFile()).start();
      String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
      return new Ran(process.waitFor(), Files.readString(out), err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
