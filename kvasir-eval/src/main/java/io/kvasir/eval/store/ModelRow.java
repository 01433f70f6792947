package io.kvasir.eval.store;

/**
 * A model.
 *
 * @param modelSha SHA-256 of its file
 * @param name as the user gave it, without a folder
 * @param arch architecture, as the file says
 * @param weights tensor types, the most bytes first: {@code Q4_1, Q8_0}
 * @param layers L
 * @param heads H, query heads
 * @param kvHeads G
 * @param headDim D
 * @param ctxTrain tokens it was trained for
 */
public record ModelRow(
    @Key String modelSha,
    String name,
    String arch,
    String weights,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int ctxTrain)
    implements Row {}
