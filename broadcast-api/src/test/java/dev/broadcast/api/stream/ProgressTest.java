package dev.broadcast.api.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.InvalidMessageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void isJsonAndBack() {
    assertEquals(
        "{\"job_id\":\"7\",\"state\":\"running\",\"percent\":42,\"message\":\"reading\"}",
        Progress.running(42, "reading").toJson("7"));
    assertEquals(
        "{\"job_id\":\"7\",\"state\":\"running\",\"percent\":12.5}",
        Progress.running(12.5, null).toJson("7"));
    for (Progress progress :
        List.of(
            Progress.running(12.5, null), Progress.complete("done"), Progress.error(3, "broke"))) {
      assertEquals(progress, Progress.parse(progress.toJson("7")));
    }
    assertThrows(InvalidMessageException.class, () -> Progress.parse("{\"percent\":1}"));
  }

  @Test
  void endsWithCompleteOrError() {
    assertFalse(Progress.running(100, null).last());
    assertTrue(Progress.complete(null).last());
    assertTrue(Progress.error(0, null).last());
    assertEquals("complete", Progress.complete(null).state().type());
  }

  @Test
  void refusesPercentagesThatAreNone() {
    for (double wrong : new double[] {-1, 100.1, Double.NaN}) {
      assertThrows(InvalidMessageException.class, () -> Progress.running(wrong, null));
    }
  }

  @Test
  void hasATopicOfItsOwn() {
    assertEquals("progress/job-7", JobProgress.topic("job-7"));
    assertThrows(InvalidMessageException.class, () -> JobProgress.topic("a b"));
    assertEquals(
        "{\"topic\":\"progress/7\",\"type\":\"complete\","
            + "\"data\":{\"job_id\":\"7\",\"state\":\"complete\",\"percent\":100}}",
        Progress.complete(null).message("7").toJson());
  }
}
