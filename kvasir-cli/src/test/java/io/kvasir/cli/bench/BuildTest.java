package io.kvasir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class BuildTest {
  @Test
  void aCommitSaysWhetherFilesHadChangedSince() {
    Properties properties = new Properties();
    assertThat(Build.commit(properties)).as("outside a repository").isEqualTo("unknown");
    properties.setProperty("git.commit.id.abbrev", "1a2b3c4");
    properties.setProperty("git.dirty", "false");
    assertThat(Build.commit(properties)).isEqualTo("1a2b3c4");
    properties.setProperty("git.dirty", "true");
    assertThat(Build.commit(properties)).isEqualTo("1a2b3c4-dirty");
  }

  @Test
  void thisBuildKnowsItsCommitOrSaysThatItDoesNot() {
    assertThat(Build.commit()).matches("unknown|[0-9a-f]{7,40}(-dirty)?");
  }
}
