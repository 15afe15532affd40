package dev.broadcast.node.backplane;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

class MemoryVocabularyTest extends VocabularyContractTest {
  private final ExecutorService hubThread = Executors.newSingleThreadExecutor();
  private final Vocabulary vocabulary = new MemoryVocabulary(hubThread);

  @Override
  Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  Vocabulary others() {
    return vocabulary;
  }

  @AfterEach
  void end() {
    hubThread.shutdownNow();
  }
}
