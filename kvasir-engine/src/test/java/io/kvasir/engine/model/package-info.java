@NullMarked
package io.kvasir.engine.model;

import org.jspecify.annotations.NullMarked;
