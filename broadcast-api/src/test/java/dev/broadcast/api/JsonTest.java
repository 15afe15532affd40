package dev.broadcast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void writesJavaValuesAsCompactJson() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a\"b\\c\nd\u0001é");
    value.put("numbers", List.of(1, 2.5, new BigDecimal("1.10")));
    value.put("nothing", null);
    value.put("yes", true);
    value.put("array", new Object[] {"x", List.of(), Map.of()});
    value.put("data", Data.json("{\"raw\":1.10}"));

    assertEquals(
        "{\"text\":\"a\\\"b\\\\c\\nd\\u0001é\",\"numbers\":[1,2.5,1.10],\"nothing\":null,"
            + "\"yes\":true,\"array\":[\"x\",[],{}],\"data\":{\"raw\":1.10}}",
        Json.write(value));
  }

  @Test
  void refusesWhatIsNoJsonRatherThanGuessing() {
    assertThrows(InvalidMessageException.class, () -> Json.write(new StringBuffer[0].getClass()));
    assertThrows(InvalidMessageException.class, () -> Json.write(Double.NaN));
    assertThrows(InvalidMessageException.class, () -> Json.write(Map.of(1, "a")));
    Map<String, Object> itself = new LinkedHashMap<>();
    itself.put("self", itself);
    assertThrows(InvalidMessageException.class, () -> Json.write(itself));
  }

  @Test
  void readsWhatItWrote() {
    String json =
        "{\"a\":[1,-2.50e3,true,false,null],\"b\":{\"c\":\"\\u00e9\\n\\/\"},\"d\":[],\"e\":{}}";
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put(
        "a", Arrays.asList(new BigDecimal(1), new BigDecimal("-2.50e3"), true, false, null));
    expected.put("b", Map.of("c", "é\n/"));
    expected.put("d", List.of());
    expected.put("e", Map.of());
    assertEquals(expected, Json.parse(" \n" + json + "\t"));
    assertEquals(
        "{\"a\":[1,-2.50E+3,true,false,null],\"b\":{\"c\":\"é\\n/\"},\"d\":[],\"e\":{}}"
            .replace("-2.50E+3", new BigDecimal("-2.50e3").toString()),
        Json.write(Json.parse(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "01",
        "1.",
        "-",
        ".5",
        "1e",
        "tru",
        "nul",
        "\"\\x\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "\"open",
        "{a:1}",
        "1 2",
        "[1 2]",
        "'a'",
        "+1",
        "1e9999999999"
      })
  void refusesBrokenJson(String json) {
    assertThrows(InvalidMessageException.class, () -> Json.parse(json));
    assertThrows(InvalidMessageException.class, () -> Json.compact(json));
  }

  @Test
  void refusesNestingThatWouldOverflowTheStack() {
    assertThrows(InvalidMessageException.class, () -> Json.parse("[".repeat(100_000)));
    Json.parse("[".repeat(200) + "]".repeat(200));
  }

  @Test
  void compactsWithoutTouchingNumbersAndText() {
    assertEquals(
        "{\"a b\":1.10,\"c\":\" \\\" : \\\\\"}",
        Json.compact(" { \"a b\" : 1.10 ,\n\"c\": \" \\\" : \\\\\" } "));
  }

  @Test
  void handsOutMembersAsTheyAreWritten() {
    assertEquals(
        Map.of("a", "1.10", "b", "[ 1, {} ]", "c", "\"x\""),
        Json.members("{\"a\":1.10, \"b\" : [ 1, {} ] ,\"c\":\"x\"}"));
    assertThrows(InvalidMessageException.class, () -> Json.members("[]"));
  }
}
