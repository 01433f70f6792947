@NullMarked
package io.kvasir.kernel;

import org.jspecify.annotations.NullMarked;
