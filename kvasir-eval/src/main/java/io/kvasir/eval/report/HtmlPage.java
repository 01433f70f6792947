package io.kvasir.eval.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A page in one file, which needs neither network nor script. */
public final class HtmlPage {
  private HtmlPage() {}

  /**
   * The page.
   *
   * @param title of the window, escaped
   * @param sources what it may use beside its own style sheet, for example {@code ; img-src data:}
   * @param owner the class beside which the style sheet lies
   * @param css the name of the style sheet
   * @param body what {@code main} holds
   */
  public static String of(String title, String sources, Class<?> owner, String css, String body) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'%s">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s
        </main>
        </body>
        </html>
        """
        .formatted(sources, title, stylesheet(owner, css), body);
  }

  /** A part of a page. */
  public static String section(String title, String body) {
    return "<section>\n<h2>%s</h2>\n%s</section>\n".formatted(title, body);
  }

  private static String stylesheet(Class<?> owner, String css) {
    try (InputStream in = owner.getResourceAsStream(css)) {
      if (in == null) {
        throw new AssertionError(css + " belongs to this jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
