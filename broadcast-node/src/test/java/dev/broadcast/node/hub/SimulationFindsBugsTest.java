package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.Missed;
import dev.broadcast.node.backplane.ShardState;
import dev.broadcast.node.transport.StreamTransport;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The simulation is worth what it finds: mistakes planted on purpose. */
class SimulationFindsBugsTest {
  private static final long SEEDS = 10_000;

  /** Says that a hole was read, and that nothing was in it. */
  private static final class SkipsTheBackfill extends SimPlants {
    @Override
    ShardReader reader(int shard, long heldBytes, int missedLimit, ShardReader.Effects effects) {
      return new SkippingReader(shard, heldBytes, missedLimit, new SkippingEffects(effects));
    }
  }

  private static final class SkippingReader extends ShardReader {
    private final SkippingEffects effects;

    SkippingReader(int shard, long heldBytes, int missedLimit, SkippingEffects effects) {
      super(shard, heldBytes, missedLimit, effects);
      this.effects = effects;
    }

    @Override
    void closeHole() {
      super.closeHole();
      Lineage known = lineage();
      if (effects.ticket > 0 && known != null) {
        int ticket = effects.ticket;
        effects.ticket = 0;
        ShardState state =
            new ShardState(0, known.epoch(), known.generations(), effects.after + 1, 0);
        missed(ticket, new Missed(state, Long.MAX_VALUE, List.of()));
      }
    }
  }

  private static final class SkippingEffects implements ShardReader.Effects {
    private final ShardReader.Effects real;
    private int ticket;
    private long after;

    SkippingEffects(ShardReader.Effects real) {
      this.real = real;
    }

    @Override
    public void readMissed(int forTicket, String epoch, long from, int limit) {
      ticket = forTicket;
      after = from;
    }

    @Override
    public void jumped(long from, MessageId to) {}

    @Override
    public void started(MessageId position) {
      real.started(position);
    }

    @Override
    public void deliver(Entry entry) {
      real.deliver(entry);
    }

    @Override
    public void lost(long sequence, String topic, boolean cleared) {
      real.lost(sequence, topic, cleared);
    }

    @Override
    public void rewound(MessageId end) {
      real.rewound(end);
    }

    @Override
    public void newEpoch(MessageId start) {
      real.newEpoch(start);
    }

    @Override
    public void newGeneration(MessageId position) {
      real.newGeneration(position);
    }

    @Override
    public void reattach() {
      real.reattach();
    }
  }

  @Test
  void findsABackfillThatIsSkipped() {
    assertFound(new SkipsTheBackfill());
  }

  @Test
  void findsAStreamThatStartsBehindWhatWasReadForIt() {
    assertFound(
        new SimPlants() {
          @Override
          Resolver resolver(Replay.Host host, Replay replay, HistoryReads reads, int historySize) {
            return new Resolver(host, replay, reads, historySize) {
              @Override
              long bound(long position, long head) {
                return position;
              }
            };
          }
        });
  }

  @Test
  void findsAConnectionThatGoesLiveOneMessageEarly() {
    assertFound(
        new SimPlants() {
          @Override
          Replay replay(Replay.Host host, Rings rings, HistoryReads reads, Replay.Limits limits) {
            return new Replay(host, rings, reads, limits) {
              @Override
              boolean atHead(long position, Shard shard) {
                return position >= shard.position() - 1;
              }
            };
          }
        });
  }

  @Test
  void findsAReaderThatIgnoresTheGeneration() {
    assertFound(
        new SimPlants() {
          @Override
          ShardReader reader(
              int shard, long heldBytes, int missedLimit, ShardReader.Effects effects) {
            return new ShardReader(shard, heldBytes, missedLimit, effects) {
              @Override
              long agreedEnd(Lineage before, Lineage now) {
                return Long.MAX_VALUE;
              }
            };
          }
        });
  }

  @Test
  void findsACursorHonouredInAnotherGeneration() {
    assertFound(
        new SimPlants() {
          @Override
          Resolver resolver(Replay.Host host, Replay replay, HistoryReads reads, int historySize) {
            return new Resolver(host, replay, reads, historySize) {
              @Override
              OptionalLong honoured(Lineage lineage, MessageId place) {
                return OptionalLong.of(Long.MAX_VALUE);
              }
            };
          }
        });
  }

  @Test
  void findsAWrongPredecessor() {
    assertFound(
        new SimPlants() {
          @Override
          SimRedis.Plants redis() {
            return new SimRedis.Plants() {
              @Override
              long predecessor(long last, Entry.Kind kind) {
                return Math.max(0, last - 1);
              }
            };
          }
        });
  }

  @Test
  void findsAQueueThatForgetsWhereItWas() {
    assertFound(
        new SimPlants() {
          @Override
          SendQueue queue(StreamTransport transport, HubSettings settings, long now) {
            return new SendQueue(transport, settings.queueMessages(), settings.queueBytes(), now) {
              @Override
              long[] dropMessages(Selection selection, long[] at) {
                super.dropMessages(selection, at.clone());
                return at;
              }
            };
          }
        });
  }

  @Test
  void aFailureIsToldInFewTurns() {
    SimPlants plants = new SkipsTheBackfill();
    SimRun.Failed failed = SimRun.firstFailure(0, SEEDS, plants, new TreeMap<>());
    assertNotNull(failed);

    SimTrim trim = SimShrink.shrink(failed.seed(), plants);

    int left = SimRun.steps(failed.seed()) - trim.size();
    SimWorld world = SimRun.world(failed.seed(), plants, trim, true);
    assertInstanceOf(SimFailure.class, SimRun.failureOf(world, new TreeMap<>()));
    assertTrue(left <= 40, left + " turns left:\n" + String.join("\n", world.traced()));
  }

  @Test
  void findsAThrottledCursorThatPassesWhatWaits() {
    assertFound(
        new SimPlants() {
          @Override
          Pending pending(long interval) {
            return new Pending(interval) {
              @Override
              boolean isEmpty() {
                return super.isEmpty() || untilDue(0) > 0;
              }
            };
          }
        });
  }

  @Test
  void findsAThrottleThatSendsTheOldest() {
    assertFound(
        new SimPlants() {
          @Override
          Pending pending(long interval) {
            return new Pending(interval) {
              private final java.util.Set<String> waiting = new java.util.HashSet<>();

              @Override
              void offer(Event event) {
                if (waiting.add(event.topic())) {
                  super.offer(event);
                }
              }

              @Override
              List<Event> take(long now, int last) {
                waiting.clear();
                return super.take(now, last);
              }
            };
          }
        });
  }

  @Test
  void aSeedAlwaysDoesTheSame() {
    SimWorld one = SimRun.world(17 * 4, new SimPlants(), true);
    SimWorld other = SimRun.world(17 * 4, new SimPlants(), true);
    one.run();
    other.run();
    assertEquals(one.traced(), other.traced());
    assertEquals(new HashMap<>(one.counts()), new HashMap<>(other.counts()));
  }

  private static void assertFound(SimPlants plants) {
    SimRun.Failed failed = SimRun.firstFailure(0, SEEDS, plants, new TreeMap<>());
    assertNotNull(failed, "not found in " + SEEDS + " seeds");
    assertInstanceOf(SimFailure.class, failed.why(), () -> SimRun.explain(failed, plants));
    System.out.println(failed.seed() + ": " + failed.why().getMessage());
  }
}
