/**
 * Chat templates: a small interpreter of the Jinja that model files carry, after jinja2 3.1 as
 * transformers sets it up (trim_blocks, lstrip_blocks, immutable sandbox, break and continue, the
 * generation tag, raise_exception, strftime_now, tojson as Python's json.dumps).
 *
 * <p>A template sees plain data only: mappings, lists, strings, numbers, booleans and none. There
 * is no way from here to Java objects, reflection, files or other templates, and every rendering
 * has limits. What a message is, and which template a model has, is decided elsewhere.
 *
 * <p>Read {@link io.kvasir.engine.template.ChatTemplate} first. A text becomes tokens ({@code
 * Lexer}, {@code TagLexer}), a tree ({@code Parser}, {@code ExpressionParser}, {@code Stmt}, {@code
 * Expr}) and output ({@code Interpreter}, {@code Evaluator}); {@code Filters}, {@code ValueTests},
 * {@code Methods} and {@code Globals} list what templates may call.
 */
@NullMarked
package io.kvasir.engine.template;

import org.jspecify.annotations.NullMarked;
