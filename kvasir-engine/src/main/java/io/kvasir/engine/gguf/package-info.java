@NullMarked
package io.kvasir.engine.gguf;

import org.jspecify.annotations.NullMarked;
