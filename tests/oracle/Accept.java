import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.PredictionMode;

/** Reads a file of statements between lines of "/", and prints "number TAB fault" of each refused one. */
public class Accept {
  public static void main(String[] arguments) throws Exception {
    String all = new String(Files.readAllBytes(Path.of(arguments[0])), StandardCharsets.UTF_8);
    String[] statements = all.split("\n/\n");
    for (int number = 0; number < statements.length; number++) {
      List<String> faults = parse(statements[number], PredictionMode.SLL);
      if (!faults.isEmpty()) {
        faults = parse(statements[number], PredictionMode.LL);  // slower, and the last word
      }
      if (!faults.isEmpty()) {
        System.out.println(number + "\t" + faults.get(0).replaceAll("\\s+", " "));
      }
    }
  }

  static List<String> parse(String statement, PredictionMode mode) {
    boolean isBlock = statement.matches("(?is)(begin|declare)\\b.*");
    // The grammar's words are in capitals; of its literals only the extent counts here.
    String script = (isBlock ? statement + "\n/" : statement + ";").toUpperCase();
    List<String> faults = new ArrayList<>();
    BaseErrorListener listener = new BaseErrorListener() {
      @Override
      public void syntaxError(Recognizer<?, ?> by, Object symbol, int line, int place, String said,
          RecognitionException fault) {
        faults.add(line + ":" + place + " " + said);
      }
    };
    PlSqlLexer lexer = new PlSqlLexer(CharStreams.fromString(script));
    lexer.removeErrorListeners();
    lexer.addErrorListener(listener);
    PlSqlParser parser = new PlSqlParser(new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    parser.addErrorListener(listener);
    parser.getInterpreter().setPredictionMode(mode);
    parser.sql_script();
    return faults;
  }
}
