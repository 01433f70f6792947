@NullMarked
package io.kvasir.kv;

import org.jspecify.annotations.NullMarked;
