/**
 * Everything numeric below the cache: packed weight matrices, the multiply kernels, attention over
 * raw and coded pages, norms, activations, rotation, and the pool of threads they run on.
 *
 * <p>Not here: what a page means to a plan (kvasir-kv), what a tensor means to a model
 * (kvasir-engine), files.
 *
 * <p><b>One order.</b> Every output element is one fixed sequence of float operations, whatever the
 * batch, tile, thread count or vector width. So lanes run across output elements and each element
 * accumulates over its inner index in ascending order with {@code fma}; sums that must run along a
 * row use sixteen partial sums and a fixed tree ({@link Floats}); no method whose rounding the JVM
 * leaves open (lane reductions of floats, {@code VectorOperators.EXP} and its like) is called.
 * {@code XRef} is the scalar twin of {@code X} and defines it.
 *
 * <p>Read {@link PackedMatrix} first, then {@link Gemm} for f32 and {@link ByteDots} for
 * activations rounded to int8.
 */
@NullMarked
package io.kvasir.kernel;

import org.jspecify.annotations.NullMarked;
