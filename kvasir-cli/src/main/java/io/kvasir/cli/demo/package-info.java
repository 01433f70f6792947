/**
 * The demo: one real document with planted facts, read once into a cache per plan, and every cache
 * asked the same questions. Here are the document, the measuring, the table and the HTML report;
 * options and progress are the command's. Read {@link io.kvasir.cli.demo.Demo} first.
 */
@NullMarked
package io.kvasir.cli.demo;

import org.jspecify.annotations.NullMarked;
