/**
 * What lives here: which stored pairs a step attends to, one file per rule. Read {@link
 * io.kvasir.kv.read.Reader} first.
 */
@NullMarked
package io.kvasir.kv.read;

import org.jspecify.annotations.NullMarked;
