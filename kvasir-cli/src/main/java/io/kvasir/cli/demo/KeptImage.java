package io.kvasir.cli.demo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * A {@link KeptMap} as a picture inside a page: one row per KV head, layer 0 on top, the document
 * from left to right. What was dropped is transparent, so that it suits light and dark pages.
 */
final class KeptImage {
  private static final int INK = 0x4080E8;

  private KeptImage() {}

  /** A PNG as a data URI. */
  static String uri(KeptMap map) {
    float[][] share = map.share();
    BufferedImage image =
        new BufferedImage(share[0].length, share.length, BufferedImage.TYPE_INT_ARGB);
    for (int row = 0; row < share.length; row++) {
      for (int bin = 0; bin < share[row].length; bin++) {
        image.setRGB(bin, row, Math.round(255 * share[row][bin]) << 24 | INK);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
