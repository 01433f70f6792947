package io.kvasir.kv;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a method in plan text. The annotated type is a record that implements one role interface;
 * its components, each with a {@link Param}, are the method's parameters.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KvMethod {
  /** The name in plan text: lower case, digits, {@code -} and {@code _}; unique over all roles. */
  String value();

  /** The idea in one sentence, for {@code kvasir kv list}. */
  String summary();

  /** Why it works, where it is strong or weak, and what it goes with, as one paragraph. */
  String about() default "";

  /** Paper or code the method follows: authors, year, identifier. */
  String source();

  /** What it costs, in bytes per pair or token and in work, as one sentence. */
  String cost();

  /** What it computes, in plain text, for {@code kvasir kv show}. */
  String formula() default "";

  /** Where it departs from paper or authors' code, and why; empty when nowhere. */
  String differs() default "";
}
