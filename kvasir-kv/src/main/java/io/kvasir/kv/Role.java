package io.kvasir.kv;

/** The six questions a plan answers about every key-value pair, in the order plans are printed. */
public enum Role {
  /** How much does each pair matter? */
  SCORER,
  /** How many pairs may each layer and head keep? */
  BUDGET,
  /** What becomes of a dropped pair? */
  MERGER,
  /** In what form is a page stored, and how is attention computed on that form? */
  CODEC,
  /** Which stored pairs does this step attend to? */
  READER,
  /** Which pairs of an earlier request serve this one? */
  REUSE
}
