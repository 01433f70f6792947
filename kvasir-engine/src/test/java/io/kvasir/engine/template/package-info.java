@NullMarked
package io.kvasir.engine.template;

import org.jspecify.annotations.NullMarked;
