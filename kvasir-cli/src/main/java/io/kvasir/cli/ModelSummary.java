package io.kvasir.cli;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.engine.model.LayerConfig;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.kernel.TensorType;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is to know of a model without loading its weights; {@code inspect} prints it.
 *
 * @param bytes size of the model's files
 * @param parameters elements of all tensors
 * @param contextLength tokens a sequence may have
 * @param chatTemplate whether the file brings one
 * @param layerGroups layers that attend alike, by their first layer
 * @param kvCache what a sequence of {@code contextLength} tokens costs under some plans
 */
record ModelSummary(
    String name,
    String file,
    String fingerprint,
    long bytes,
    long parameters,
    String architecture,
    int layers,
    int heads,
    int kvHeads,
    int keyDim,
    int valueDim,
    int hidden,
    int ffn,
    int contextLength,
    int vocabularySize,
    TokenizerFacts tokenizer,
    boolean chatTemplate,
    List<LayerGroup> layerGroups,
    List<TensorFacts> tensorTypes,
    List<CacheFacts> kvCache) {

  /** As the file names them; empty where it does not. */
  record TokenizerFacts(String kind, String preTokenizer, boolean addsBos) {}

  /**
   * @param window tokens a query sees; 0: all
   * @param ropeDim rotated elements per head
   */
  record LayerGroup(
      List<Integer> layers,
      int window,
      double ropeBase,
      int ropeDim,
      double ropeScaling,
      boolean ropeFactors) {}

  record TensorFacts(String type, int tensors, long bytes) {}

  /**
   * @param bytesPerToken at full context, page slack included
   */
  record CacheFacts(String plan, double bytesPerToken, long bytes) {}

  private static final List<String> PLANS =
      List.of("f32", "f16", "q8", "q4", "kivi(bits=4)", "kivi(bits=2)");

  static ModelSummary of(ModelFile file) {
    ModelConfig config = file.config();
    return new ModelSummary(
        file.name(),
        file.path().toString(),
        file.fingerprint(),
        file.bytes(),
        file.gguf().tensors().stream().mapToLong(TensorInfo::elements).sum(),
        config.architecture().text(),
        config.layers().size(),
        config.heads(),
        config.kvHeads(),
        config.keyDim(),
        config.valueDim(),
        config.hidden(),
        config.ffn(),
        config.contextLength(),
        config.vocabularySize(),
        new TokenizerFacts(
            file.metadata().string("tokenizer.ggml.model", ""),
            file.metadata().string("tokenizer.ggml.pre", ""),
            file.tokenizer().addsBos()),
        file.chatTemplateSource().isPresent(),
        groups(config),
        tensorTypes(file.gguf().tensors()),
        kvCache(config));
  }

  private static List<LayerGroup> groups(ModelConfig config) {
    Map<LayerConfig, List<Integer>> alike = new LinkedHashMap<>();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      alike.computeIfAbsent(config.layers().get(layer), like -> new ArrayList<>()).add(layer);
    }
    List<LayerGroup> groups = new ArrayList<>();
    alike.forEach(
        (like, layers) ->
            groups.add(
                new LayerGroup(
                    layers,
                    like.attention().window(),
                    like.rope().base(),
                    like.rope().dim(),
                    like.rope().scaling(),
                    like.rope().factors())));
    return groups;
  }

  private static List<TensorFacts> tensorTypes(List<TensorInfo> tensors) {
    Map<TensorType, List<TensorInfo>> byType = new EnumMap<>(TensorType.class);
    for (TensorInfo tensor : tensors) {
      byType.computeIfAbsent(tensor.type(), type -> new ArrayList<>()).add(tensor);
    }
    List<TensorFacts> facts = new ArrayList<>();
    byType.forEach(
        (type, of) ->
            facts.add(
                new TensorFacts(
                    type.name(), of.size(), of.stream().mapToLong(TensorInfo::bytes).sum())));
    return facts;
  }

  /** A plan whose codec cannot store this model's rows is left out. */
  private static List<CacheFacts> kvCache(ModelConfig config) {
    List<CacheFacts> facts = new ArrayList<>();
    for (String text : PLANS) {
      KvPlan plan = KvPlan.parse(text);
      try {
        plan.check(KvModel.of(config.kvShape()));
      } catch (KvPlanException unfit) {
        continue;
      }
      long bytes = Footprint.bytes(plan, config.kvShape(), config.contextLength());
      facts.add(new CacheFacts(text, (double) bytes / config.contextLength(), bytes));
    }
    return facts;
  }
}
