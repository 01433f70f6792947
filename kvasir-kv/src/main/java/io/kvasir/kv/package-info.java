/**
 * What lives here: the plan and its text, the catalogue of methods, pages, and what the six roles
 * are told. The methods themselves are in the packages of their roles, below. Nothing here knows a
 * model, a file or HTTP. Read {@link io.kvasir.kv.KvPlan} first, then {@link io.kvasir.kv.Role}.
 */
@NullMarked
package io.kvasir.kv;

import org.jspecify.annotations.NullMarked;
