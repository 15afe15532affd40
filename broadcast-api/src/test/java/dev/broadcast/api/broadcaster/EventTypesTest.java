package dev.broadcast.api.broadcaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Types;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventTypesTest {

  @Test
  void aPermissiveVocabularyRefusesNothing() {
    EventTypes types = EventTypes.permissive();
    types.check("anything");
    assertFalse(types.strict());
    assertEquals(Types.STANDARD, types.types());
  }

  @Test
  void aStrictOneKnowsTheStandardTypesUnnamedEventsAndWhatIsRegistered() {
    EventTypes types = EventTypes.strict(List.of("moved")).with("renamed");
    types.check(null);
    types.check("moved");
    types.check("renamed");
    Types.STANDARD.forEach(types::check);
    UnknownTypeException unknown =
        assertThrows(UnknownTypeException.class, () -> types.check("typo"));
    assertTrue(types.strict());
    assertEquals("typo", unknown.type());
    assertEquals(
        "type: \"typo\" is not registered; known are create, custom, delete, error, moved,"
            + " refresh, renamed, status, update",
        unknown.getMessage());
    assertEquals(types.types(), Set.copyOf(unknown.known()));
  }

  @Test
  void reservedTypesCannotBeRegistered() {
    assertThrows(InvalidMessageException.class, () -> EventTypes.permissive().with("reset"));
  }
}
