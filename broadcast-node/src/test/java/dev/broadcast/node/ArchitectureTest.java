package dev.broadcast.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the packages, as CONTRIBUTING.md draws them. Fails where code points against
 * one.
 */
@AnalyzeClasses(packages = "dev.broadcast", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String NODE = "dev.broadcast.node";

  @ArchTest
  static final ArchRule apiNeedsOnlyTheJdk =
      noClasses()
          .that()
          .resideInAPackage("dev.broadcast.api..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("dev.broadcast.api..", "java..", "javax..", "org.jspecify..")
          .allowEmptyShould(true);

  @ArchTest static final ArchRule backplaneKnowsOnlyTheApi = mayKnow("backplane");

  @ArchTest static final ArchRule transportKnowsOnlyTheApi = mayKnow("transport");

  @ArchTest static final ArchRule securityKnowsOnlyTheApi = mayKnow("security");

  @ArchTest
  static final ArchRule hubKnowsBackplaneAndTransport = mayKnow("hub", "backplane", "transport");

  @ArchTest
  static final ArchRule opsKnowsHubAndWhatIsBelow = mayKnow("ops", "hub", "backplane", "transport");

  @ArchTest
  static final ArchRule httpKnowsWhatIsBehindIt =
      mayKnow("http", "hub", "backplane", "transport", "security", "ops");

  @ArchTest
  static final ArchRule onlyTheBackplaneTouchesTheRedisDriver = onlyIn("backplane", "io.lettuce..");

  @ArchTest
  static final ArchRule onlyTransportTouchesNettyChannels =
      noClasses()
          .that()
          .resideInAPackage(NODE + "..")
          .and()
          .resideOutsideOfPackage(of("transport"))
          .and()
          // Hears the bytes of a link, which its driver does not tell: see the class.
          .haveNameNotMatching(".*\\.backplane\\.RedisDriver(\\$.*)?")
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.netty.channel.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTransportTouchesVertxInternals =
      onlyIn(
          "transport",
          "io.vertx.core.impl..",
          "io.vertx.core.internal..",
          "io.vertx.core.http.impl..",
          "io.vertx.core.net.impl..");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("dev.broadcast.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule noStateInStatics =
      fields().that().areStatic().should().beFinal().allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class).allowEmptyShould(true);

  /** Of the project's packages, {@code name} may know itself, the API and {@code others}. */
  private static ArchRule mayKnow(String name, String... others) {
    var known = resideInAPackage("dev.broadcast.api..").or(resideInAPackage(of(name)));
    for (String other : others) {
      known = known.or(resideInAPackage(of(other)));
    }
    return noClasses()
        .that()
        .resideInAPackage(of(name))
        .should()
        .dependOnClassesThat(resideInAPackage("dev.broadcast..").and(DescribedPredicate.not(known)))
        .allowEmptyShould(true);
  }

  private static String of(String name) {
    return NODE + "." + name + "..";
  }

  private static ArchRule onlyIn(String name, String... foreign) {
    return noClasses()
        .that()
        .resideInAPackage(NODE + "..")
        .and()
        .resideOutsideOfPackage(of(name))
        .should()
        .dependOnClassesThat(resideInAnyPackage(foreign))
        .allowEmptyShould(true);
  }
}
