package io.kvasir.engine.template;

import java.util.Optional;

/** An object of the interpreter's own that templates see by its attributes. */
interface HasAttributes {
  Optional<Object> attribute(String name);
}
