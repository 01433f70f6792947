package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class KeptChartTest {
  @Test
  void everyTokenHasItsCellFilledToTheEdges() {
    int[][][] kept = {{{0, 3}, {9}}, {{4}, {}}, {all(10), {5, 6, 7, 8, 9}}};
    KeptChart chart = chart(10, kept);
    BufferedImage image = chart.image();
    for (int row = 0; row < 6; row++) {
      for (int position = 0; position < 10; position++) {
        int at = position;
        boolean isKept = IntStream.of(kept[row / 2][row % 2]).anyMatch(p -> p == at);
        Rectangle cell = chart.cell(row, position);
        for (int y = cell.y; y < cell.y + cell.height; y++) {
          for (int x = cell.x; x < cell.x + cell.width; x++) {
            assertThat(colour(image, x, y))
                .as("layer %d, head %d, position %d", row / 2, row % 2, position)
                .isEqualTo(isKept ? KeptChart.EXACT : KeptChart.NONE);
          }
        }
      }
    }
  }

  @Test
  void layerZeroIsOnTopAndTheFirstTokenOnTheLeft() {
    KeptChart chart = chart(7, new int[3][2][0]);
    Rectangle first = chart.cell(0, 0);
    assertThat(chart.cell(5, 6).y).isGreaterThan(first.y);
    assertThat(chart.cell(5, 6).x).isGreaterThan(first.x);
  }

  @Test
  void manyTokensShareAColumnWhoseColourIsTheirShare() {
    int[] everySecond = IntStream.range(0, 2_000).map(i -> 2 * i).toArray();
    KeptChart chart = chart(4_000, new int[][][] {{everySecond, all(4_000)}});
    assertThat(chart.tokensPerColumn()).isEqualTo(4);
    assertThat(colour(chart, 0, 500)).isEqualTo(new Color(120, 150, 180));
    assertThat(colour(chart, 1, 500)).isEqualTo(KeptChart.EXACT);
  }

  @Test
  void aLastColumnOfFewerTokensIsFullWhenAllOfThoseAreKept() {
    KeptChart chart = chart(1_001, new int[][][] {{all(1_001)}});
    assertThat(chart.tokensPerColumn()).isEqualTo(2);
    assertThat(colour(chart, 0, 500)).isEqualTo(KeptChart.EXACT);
  }

  @Test
  void staysOfReadableSizeFromOneTokenToALargeModel() {
    BufferedImage small = chart(1, new int[][][] {{{0}}}).image();
    assertThat(small.getWidth()).isBetween(1_000, 1_300);
    BufferedImage odd = chart(501, new int[8][4][0]).image();
    assertThat(odd.getWidth()).isBetween(600, 1_300);
    BufferedImage large = chart(131_072, new int[80][8][0]).image();
    assertThat(large.getWidth()).isBetween(1_000, 1_300);
    assertThat(large.getHeight()).isBetween(1_900, 2_200);
  }

  @Test
  void theFileIsAPngThatCanBeRead() throws IOException {
    KeptChart chart = chart(5, new int[][][] {{{1, 4}}});
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(chart.png()));
    Rectangle cell = chart.cell(0, 4);
    assertThat(colour(read, cell.x, cell.y)).isEqualTo(KeptChart.EXACT);
    assertThat(read.getHeight()).isEqualTo(chart.image().getHeight());
  }

  @Test
  void whatStandsInCodesHasAColourOfItsOwn() {
    int[][][] kept = {{{0, 1, 2, 5, 6}, {3, 4}}};
    KeptChart chart =
        new KeptChart("a model", "knorm(keep=5) | kivi", 7, kept, new int[][] {{3, 0}});
    for (int position = 0; position < 7; position++) {
      assertThat(colour(chart, 0, position))
          .as("position %d", position)
          .isEqualTo(
              position < 3 ? KeptChart.CODED : position < 5 ? KeptChart.NONE : KeptChart.EXACT);
      assertThat(colour(chart, 1, position)).isNotEqualTo(KeptChart.CODED);
    }
  }

  @Test
  void aColumnOfBothIsMixedByTheirShares() {
    KeptChart chart =
        new KeptChart("a model", "kivi", 1_001, new int[][][] {{all(1_001)}}, new int[][] {{1}});
    assertThat(colour(chart, 0, 0)).isEqualTo(new Color(0x68, 0x56, 0x3C));
  }

  private static KeptChart chart(int tokens, int[][][] kept) {
    int[][] coded = new int[kept.length][kept[0].length];
    return new KeptChart("a model", "knorm(keep=5) | f16", tokens, kept, coded);
  }

  private static Color colour(KeptChart chart, int row, int column) {
    Rectangle cell = chart.cell(row, column);
    return colour(chart.image(), cell.x, cell.y);
  }

  private static Color colour(BufferedImage image, int x, int y) {
    return new Color(image.getRGB(x, y));
  }

  private static int[] all(int tokens) {
    return IntStream.range(0, tokens).toArray();
  }
}
