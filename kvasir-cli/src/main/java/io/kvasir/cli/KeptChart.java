package io.kvasir.cli;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import javax.imageio.ImageIO;

/**
 * What became of the tokens in every KV head, as a heat map: one row per layer and KV head, layer 0
 * on top; from left to right the tokens, several to a column where there are more than fit. The
 * stronger the colour of a cell, the more of its tokens were kept; blue those that stand as they
 * were, orange those in codes.
 *
 * <p>Painted by hand: cells here may be one pixel wide, and XChart's lie between pixels, where
 * smoothed edges show a row that kept everything as one that kept two thirds.
 */
final class KeptChart {
  static final Color NONE = new Color(0xF0F0F0);
  static final Color EXACT = new Color(0x003C78);
  static final Color CODED = new Color(0xD07000);

  private static final int PLOT_WIDTH = 1000; // at most, and at least half of it
  private static final int PLOT_HEIGHT = 1000; // about
  private static final int LEFT = 80;
  private static final int RIGHT = 124;
  private static final int TOP = 64;
  private static final int BOTTOM = 56;
  private static final int LABEL_HEIGHT = 16;
  private static final int MOST_COLUMN_LABELS = 10;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private final String title;
  private final String subtitle;
  private final int tokens;
  private final int tokensPerColumn;
  private final int columns;
  private final List<Row> rows = new ArrayList<>();
  private final int cellWidth;
  private final int cellHeight;

  private record Row(int layer, int head, int[] kept, int coded) {}

  /**
   * @param tokens N, tokens read
   * @param kept [layer][KV head][positions in 0..N-1]
   * @param coded [layer][KV head]: how many of {@code kept}, the first ones, stand in codes
   */
  KeptChart(String title, String subtitle, int tokens, int[][][] kept, int[][] coded) {
    this.title = title;
    this.subtitle = subtitle;
    this.tokens = tokens;
    for (int layer = 0; layer < kept.length; layer++) {
      for (int head = 0; head < kept[layer].length; head++) {
        rows.add(new Row(layer, head, kept[layer][head], coded[layer][head]));
      }
    }
    tokensPerColumn = Math.ceilDiv(tokens, PLOT_WIDTH);
    columns = Math.ceilDiv(tokens, tokensPerColumn);
    cellWidth = PLOT_WIDTH / columns;
    cellHeight = Math.clamp(PLOT_HEIGHT / rows.size(), 3, 24);
  }

  /** The picture as a PNG file has it. */
  byte[] png() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image(), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
    return out.toByteArray();
  }

  BufferedImage image() {
    System.setProperty("java.awt.headless", "true"); // no window system is needed, nor woken
    Rectangle plot = new Rectangle(LEFT, TOP, columns * cellWidth, rows.size() * cellHeight);
    BufferedImage image =
        new BufferedImage(
            LEFT + plot.width + RIGHT, TOP + plot.height + BOTTOM, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    for (int row = 0; row < rows.size(); row++) {
      Row of = rows.get(row);
      double[] coded = shares(of.kept, 0, of.coded);
      double[] exact = shares(of.kept, of.coded, of.kept.length);
      for (int column = 0; column < columns; column++) {
        Rectangle cell = cell(row, column);
        g.setColor(colour(coded[column], exact[column]));
        g.fillRect(cell.x, cell.y, cell.width, cell.height);
      }
    }
    g.setColor(Color.DARK_GRAY);
    g.drawRect(plot.x - 1, plot.y - 1, plot.width + 1, plot.height + 1);
    paintTitles(g, image.getWidth());
    paintColumnLabels(g, plot);
    paintRowLabels(g, plot);
    paintLegend(g, plot);
    g.dispose();
    return image;
  }

  /** The pixels of one cell. */
  Rectangle cell(int row, int column) {
    return new Rectangle(LEFT + column * cellWidth, TOP + row * cellHeight, cellWidth, cellHeight);
  }

  int tokensPerColumn() {
    return tokensPerColumn;
  }

  /**
   * How much of each column's tokens is among some of the positions kept, 0..1; the last column may
   * have fewer tokens.
   */
  private double[] shares(int[] kept, int from, int to) {
    int[] counts = new int[columns];
    for (int i = from; i < to; i++) {
      counts[kept[i] / tokensPerColumn]++;
    }
    double[] shares = new double[columns];
    for (int column = 0; column < columns; column++) {
      shares[column] =
          (double) counts[column] / Math.min(tokensPerColumn, tokens - column * tokensPerColumn);
    }
    return shares;
  }

  private static Color colour(double coded, double exact) {
    return new Color(
        mixed(Color::getRed, coded, exact),
        mixed(Color::getGreen, coded, exact),
        mixed(Color::getBlue, coded, exact));
  }

  private static int mixed(ToIntFunction<Color> part, double coded, double exact) {
    int none = part.applyAsInt(NONE);
    return (int)
        Math.round(
            none
                + (part.applyAsInt(CODED) - none) * coded
                + (part.applyAsInt(EXACT) - none) * exact);
  }

  private void paintTitles(Graphics2D g, int width) {
    fit(g, title, TEXT.deriveFont(Font.BOLD, 16), width);
    g.drawString(title, (width - g.getFontMetrics().stringWidth(title)) / 2, 26);
    fit(g, subtitle, TEXT, width);
    g.drawString(subtitle, (width - g.getFontMetrics().stringWidth(subtitle)) / 2, 48);
    g.setFont(TEXT);
  }

  /** Sets a font in which a text is no wider than the image. */
  private static void fit(Graphics2D g, String text, Font font, int width) {
    float wanted = g.getFontMetrics(font).stringWidth(text);
    g.setFont(font.deriveFont(font.getSize() * Math.min(1, (width - 20) / wanted)));
  }

  private void paintColumnLabels(Graphics2D g, Rectangle plot) {
    FontMetrics metrics = g.getFontMetrics();
    int below = plot.y + plot.height;
    int step = roundStep(tokens);
    for (long position = 0; position < tokens; position += step) {
      Rectangle cell = cell(0, (int) (position / tokensPerColumn));
      String label = Long.toString(position);
      int middle = cell.x + cell.width / 2;
      g.drawLine(middle, below, middle, below + 4);
      g.drawString(label, middle - metrics.stringWidth(label) / 2, below + 18);
    }
    String axis =
        "token position" + (tokensPerColumn > 1 ? ", " + tokensPerColumn + " in a column" : "");
    g.drawString(axis, plot.x + (plot.width - metrics.stringWidth(axis)) / 2, below + 42);
  }

  /** The smallest of 1, 2, 5, 10, 20 ... that gives no more labels than fit. */
  private static int roundStep(int tokens) {
    for (int power = 1; ; power *= 10) {
      for (int digit : new int[] {1, 2, 5}) {
        if ((long) digit * power * MOST_COLUMN_LABELS >= tokens) {
          return digit * power;
        }
      }
    }
  }

  /** {@code layer/head} at every row where there is room, else at the first head of some layers. */
  private void paintRowLabels(Graphics2D g, Rectangle plot) {
    int free = Integer.MIN_VALUE; // first pixel below the last label
    for (int i = 0; i < rows.size(); i++) {
      Rectangle cell = cell(i, 0);
      Row row = rows.get(i);
      if (cell.y >= free && (row.head == 0 || cellHeight >= LABEL_HEIGHT)) {
        String label = row.layer + "/" + row.head;
        int middle = cell.y + cell.height / 2;
        g.drawLine(plot.x - 5, middle, plot.x - 1, middle);
        int width = g.getFontMetrics().stringWidth(label);
        g.drawString(label, plot.x - 9 - width, middle + LABEL_HEIGHT / 3);
        free = cell.y + LABEL_HEIGHT;
      }
    }
    String axis = "layer/KV head";
    Graphics2D upwards = (Graphics2D) g.create();
    upwards.translate(20, plot.y + (plot.height + g.getFontMetrics().stringWidth(axis)) / 2);
    upwards.rotate(-Math.PI / 2);
    upwards.drawString(axis, 0, 0);
    upwards.dispose();
  }

  private static void paintLegend(Graphics2D g, Rectangle plot) {
    int x = plot.x + plot.width + 20;
    int height = Math.min(200, plot.height / 2);
    int y = plot.y + (plot.height - height) / 2;
    g.drawString("exact, coded", x, y - 10);
    g.drawString("100 %", x + 42, y + 10);
    g.drawString("0 %", x + 42, y + height);
    paintScale(g, EXACT, new Rectangle(x, y, 16, height));
    paintScale(g, CODED, new Rectangle(x + 20, y, 16, height));
  }

  private static void paintScale(Graphics2D g, Color full, Rectangle at) {
    g.setPaint(new GradientPaint(at.x, at.y, full, at.x, (float) at.y + at.height, NONE));
    g.fill(at);
  }
}
