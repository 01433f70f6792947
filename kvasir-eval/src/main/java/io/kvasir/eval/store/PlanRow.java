package io.kvasir.eval.store;

import java.util.Optional;

/**
 * A plan, or a control.
 *
 * @param planSha SHA-256 of {@code text}
 * @param text canonical; {@code no-context} for the question alone
 * @param label as the plan file says
 * @param roles what each role does where it does something: {@code scorer snapkv, codec kivi}
 * @param tag as the plan file says
 */
public record PlanRow(
    @Key String planSha, String text, String label, String roles, Optional<String> tag)
    implements Row {}
