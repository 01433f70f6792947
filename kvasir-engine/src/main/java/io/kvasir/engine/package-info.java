@NullMarked
package io.kvasir.engine;

import org.jspecify.annotations.NullMarked;
