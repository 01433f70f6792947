package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KiviTest {
  @Nested
  class TwoBits extends Contract {
    TwoBits() {
      super(new Kivi(2, 32, 32));
    }
  }

  @Nested
  class FourBits extends Contract {
    FourBits() {
      super(new Kivi(4, 32, 128));
    }

    @Override
    int[] dims() {
      return new int[] {64, 96, 128};
    }
  }

  @Nested
  class GroupsOfAPage extends Contract {
    GroupsOfAPage() {
      super(new Kivi(2, 64, 64));
    }

    @Override
    int[] dims() {
      return new int[] {64, 256};
    }
  }

  abstract static class Contract extends CodecContract {
    private final Kivi kivi;

    Contract(Kivi kivi) {
      this.kivi = kivi;
    }

    @Override
    Codec codec() {
      return kivi;
    }

    @Override
    float limit() {
      return 65504;
    }

    @Override
    String goldenName() {
      return "kivi-" + kivi.bits() + "-" + kivi.group();
    }

    /** Half a step, plus the rounding of min and of 2^b - 1 scales; a group is a side's own. */
    @Override
    double bound(Side side, RawPage in, int r, int d) {
      int group = kivi.group();
      float min = in.at(r, d);
      float max = min;
      for (int i = 0; i < group; i++) {
        float x = side == Side.KEYS ? in.at(r - r % group + i, d) : in.at(r, d - d % group + i);
        min = Math.min(min, x);
        max = Math.max(max, x);
      }
      double range = (double) max - min;
      return range / (2 * ((1 << kivi.bits()) - 1)) + (range + Math.abs(min)) / 1500 + 1e-6;
    }
  }

  private static final Kivi KIVI = new Kivi(2, 32, 32);

  @Test
  void constantGroupsAreExact() {
    float seventh = Float.float16ToFloat(Float.floatToFloat16(1 / 7f));
    RawPage in = CruelPages.filled(32, 64, i -> seventh * (i % 64 - 20));
    RawPage out = RawPage.of(32, 64);
    KeyFormat keys = KIVI.keys(64);
    MemorySegment page = CodecContract.encoded(keys, in);
    keys.decode(page, 0, out);
    for (int d = 0; d < 64; d++) {
      short min = Float.floatToFloat16(seventh * (d - 20));
      assertThat(out.at(17, d)).isEqualTo(Float.float16ToFloat(min));
      byte[] entry = CodecContract.bytes(page.asSlice(4L * d, 4));
      assertThat(entry).containsExactly(0, 0, (byte) min, (byte) (min >> 8));
    }
  }

  @Test
  void theExampleOfTheJavadocHolds() {
    RawPage in = CruelPages.filled(1, 32, i -> i == 0 ? 1 : i == 1 ? 4 : i == 2 ? 2 : 3);
    ValueFormat values = KIVI.values(32);
    byte[] page = CodecContract.bytes(CodecContract.encoded(values, in));
    assertThat(page).startsWith(0x00, 0x3c, 0x00, 0x3c);
    byte[] codes = {page[64 * 4], page[64 * 4 + 4], page[64 * 4 + 8], page[64 * 4 + 12]};
    assertThat(codes).containsExactly(0, 3, 1, 2);
  }

  /** Key codes follow the entries of their group: four words of 16 channels for 32 slots. */
  @Test
  void keyCodesOfAChannelLieSideBySideInTokenOrder() {
    RawPage in = CruelPages.filled(32, 64, i -> i / 64 % 4);
    byte[] page = CodecContract.bytes(CodecContract.encoded(KIVI.keys(64), in));
    int codes = 64 * 4;
    for (int t = 0; t < 32; t++) {
      byte four = (byte) (t % 4 * 0x55);
      for (int word = 0; word < 4; word++) {
        int at = codes + 4 * (word * 32 + t);
        assertThat(new byte[] {page[at], page[at + 1], page[at + 2], page[at + 3]})
            .containsOnly(four);
      }
    }
  }

  @Test
  void keysLeaveTheWindowAllAtOnceAndValuesOneByOne() {
    Kivi kivi = new Kivi(2, 32, 128);
    KeyFormat keys = kivi.keys(64);
    ValueFormat values = kivi.values(64);
    assertThat(keys.sealable(127)).isZero();
    assertThat(keys.sealable(128)).isEqualTo(128);
    assertThat(keys.sealable(1000)).isEqualTo(896);
    assertThat(values.sealable(128)).isZero();
    assertThat(values.sealable(129)).isEqualTo(1);
    assertThat(values.sealable(1000)).isEqualTo(872);
  }

  @Test
  void brokenGroupsOfKeysAreRefused() {
    KeyFormat keys = KIVI.keys(64);
    MemorySegment page = CodecContract.blank(keys, (byte) 0);
    assertThatThrownBy(() -> keys.encode(CodecContract.normal(31, 64), page, 0))
        .hasMessage("kivi: 31 rows at slot 0 are not whole groups of 32 keys");
    assertThatThrownBy(() -> keys.encode(CodecContract.normal(32, 64), page, 16))
        .hasMessage("kivi: 32 rows at slot 16 are not whole groups of 32 keys");
  }

  @Test
  void windowsOfBrokenGroupsAndOddDimensionsAreRefused() {
    assertThatThrownBy(() -> new Kivi(2, 32, 48))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("kivi: window=48 must be a multiple of group=32");
    assertThatThrownBy(() -> KIVI.keys(80))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("kivi: head dimension 80 is not a multiple of 32");
    assertThatThrownBy(() -> new Kivi(4, 64, 64).values(96))
        .hasMessage("kivi: head dimension 96 is not a multiple of 64");
  }

  @Test
  void bitsThatKiviDoesNotHaveAreRefusedByThePlan() {
    assertThatThrownBy(() -> KvPlan.parse("kivi(bits=3)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("kivi: bits=3 is not one of 2, 4");
    assertThat(KvPlan.parse("kivi(bits=4)").toString()).contains("kivi(bits=4,group=32,window=32)");
  }
}
