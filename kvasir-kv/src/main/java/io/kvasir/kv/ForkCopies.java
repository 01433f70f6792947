package io.kvasir.kv;

import io.kvasir.kv.codec.JointFormat;
import io.kvasir.kv.codec.MemberKeys;
import io.kvasir.kv.codec.MemberValues;
import io.kvasir.kv.codec.PageFormat;
import java.util.IdentityHashMap;
import java.util.Map;

/** What sides of a sequence have in common, and what it becomes in one fork of it. */
final class ForkCopies {
  private final Map<CodedPages, CodedPages> pages = new IdentityHashMap<>();
  private final Map<JointFormat, JointFormat> joints = new IdentityHashMap<>();

  CodedPages of(CodedPages shared) {
    return pages.computeIfAbsent(shared, CodedPages::fork);
  }

  JointFormat of(JointFormat shared) {
    return joints.computeIfAbsent(shared, JointFormat::fork);
  }

  /** The format of a side: a member of what others are members of, too, or one of its own. */
  @SuppressWarnings("unchecked") // a format forks to one of its kind
  <F extends PageFormat> F of(F format) {
    PageFormat copy =
        switch (format) {
          case MemberKeys member -> new MemberKeys(of(member.joint()), member.member());
          case MemberValues member -> new MemberValues(of(member.joint()), member.member());
          default -> format.fork();
        };
    return (F) copy;
  }
}
