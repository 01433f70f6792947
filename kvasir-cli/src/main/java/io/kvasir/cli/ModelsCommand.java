package io.kvasir.cli;

import io.kvasir.engine.fit.ByteSize;
import io.kvasir.engine.hub.KnownModel;
import io.kvasir.engine.hub.KnownModels;
import io.kvasir.engine.hub.ModelStore;
import io.kvasir.engine.hub.StoredModel;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kvasir models}: what is here, and what {@code kvasir pull} knows by name. */
@Command(
    name = "models",
    description = "Lists the models on this machine, and those known by name.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Runnable {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * @param bytes of all files
   */
  private record Stored(String name, long bytes, int files, String path) {
    static Stored of(StoredModel model) {
      return new Stored(model.name(), model.bytes(), model.files(), model.path().toString());
    }
  }

  private record Absent(String name, long bytes, String facts) {
    static Absent of(KnownModel model) {
      return new Absent(model.name(), model.bytes(), model.facts());
    }
  }

  /**
   * @param folder where models are stored
   * @param absent known by name, and not here
   */
  private record Listing(String folder, List<Stored> stored, List<Absent> absent) {}

  @Override
  public void run() {
    Listing listing = listing(ModelStore.ofEnvironment());
    if (json) {
      System.out.println(Json.pretty(listing));
    } else {
      print(listing);
    }
  }

  private static Listing listing(ModelStore store) {
    List<Stored> stored = store.list().stream().map(Stored::of).toList();
    Set<String> names = stored.stream().map(Stored::name).collect(Collectors.toSet());
    List<Absent> absent =
        KnownModels.ALL.stream().filter(m -> !names.contains(m.name())).map(Absent::of).toList();
    return new Listing(store.folder().toString(), stored, absent);
  }

  private static void print(Listing listing) {
    if (listing.stored.isEmpty()) {
      System.out.println("No models in " + listing.folder + " yet.");
    } else {
      Table table = new Table("NAME", ">SIZE", ">FILES", "PATH");
      listing.stored.forEach(m -> table.row(m.name, ByteSize.text(m.bytes), m.files, m.path));
      table.print(System.out);
    }
    if (!listing.absent.isEmpty()) {
      System.out.println();
      System.out.println("kvasir pull NAME brings one of these:");
      Table table = new Table("NAME", "FACTS");
      listing.absent.forEach(m -> table.row(m.name, m.facts));
      table.print(System.out);
    }
  }
}
