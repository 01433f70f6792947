package io.kvasir.eval.task;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.kvasir.eval.InputException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.tools.DiagnosticListener;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Takes Java sources apart with the JDK's own compiler, which drops the comments on the way. */
final class CodeReader {
  private CodeReader() {}

  /** Nothing where the JDK was cut down to run programs only. */
  static Optional<JavaCompiler> compiler() {
    return Optional.ofNullable(ToolProvider.getSystemJavaCompiler());
  }

  /** The methods with a body of one source, in order; none of a source that does not parse. */
  static List<CodeMethod> methods(String file, String source) {
    JavaCompiler compiler =
        compiler()
            .orElseThrow(() -> new InputException("this Java has no compiler; expected a JDK"));
    DiagnosticListener<JavaFileObject> ignored = problem -> {};
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null, null, ignored, List.of("-proc:none"), null, List.of(new Source(source)));
    List<CodeMethod> methods = new ArrayList<>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        new Scanner(file, DocTrees.instance(task), methods).scan(unit, null);
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be parsed: %s".formatted(file, e.getMessage()));
    }
    return methods;
  }

  /** Text instead of a file. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Source.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final String file;
    private final DocTrees docs;
    private final List<CodeMethod> methods;

    Scanner(String file, DocTrees docs, List<CodeMethod> methods) {
      this.file = file;
      this.docs = docs;
      this.methods = methods;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
      if (method.getBody() != null && method.getReturnType() != null) { // no constructors
        String comment = docs.getDocComment(getCurrentPath());
        methods.add(
            new CodeMethod(
                file, method.getName().toString(), method.toString().strip(), first(comment)));
      }
      return super.visitMethod(method, none);
    }

    private static String first(@Nullable String comment) {
      List<String> sentences = comment == null ? List.of() : Sentences.of(Javadoc.prose(comment));
      return sentences.isEmpty() ? "" : sentences.getFirst();
    }
  }
}
