package io.kvasir.eval.task;

import java.util.List;

/**
 * A method of real Java code.
 *
 * @param file it stands in
 * @param name its own, as written
 * @param source without comments, declaration and body
 * @param sentence the first of its Javadoc; empty when there is none
 */
record CodeMethod(String file, String name, String source, String sentence) {
  List<String> lines() {
    return source.lines().toList();
  }
}
