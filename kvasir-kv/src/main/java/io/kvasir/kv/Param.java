package io.kvasir.kv;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One parameter of a method: a component of its record, of type {@code int}, {@code long}, {@code
 * double}, an enum (written in lower case) or a role interface (a method in plan text).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Param {
  /** The default, as plan text. */
  String value();

  /** Smallest value allowed, for numbers. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest value allowed, for numbers. */
  double max() default Double.POSITIVE_INFINITY;

  /** The only values allowed, for numbers that are a choice ({@code bits}); empty: any in range. */
  long[] oneOf() default {};

  /** Name in plan text where it cannot be a Java identifier ({@code rank-k}); else empty. */
  String name() default "";

  /** What it means, in a few words. */
  String doc();
}
