package io.ratelimiter.service;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The allowed dependencies between packages. */
class ArchitectureTests {

  private static final String ROOT = "io.ratelimiter.service.";

  private static JavaClasses service;

  @BeforeAll
  static void read() {
    service =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ratelimiter.service");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rules         |                                    | a check needs only the model and the matching
          rules.definition | rules                           | a rule is written before it is in force
          rules.json    | rules rules.definition             | JSON is one form of a written rule
          rules.live    | rules rules.definition rules.json  | the set in force does not depend on PostgreSQL
          rules.store   | rules rules.definition rules.json rules.live | the database is one source of rules
          limiter       | rules                              | checks and decisions depend on no caller and no store
          limiter.evaluation | limiter rules                 | store and local limiter share the computation, not its use
          limiter.resilience | limiter limiter.evaluation rules | the decorators work with any store and any fallback
          limiter.redis.reply | limiter limiter.evaluation rules | replies are read without connections
          limiter.redis.connection | limiter limiter.redis.reply | connections carry scripts of any content
          limiter.redis | limiter limiter.evaluation limiter.redis.connection limiter.redis.reply rules | the store is one limiter among others
          limiter.local | limiter limiter.evaluation rules   | the fallback needs no store
          check         | rules limiter                      | the use cases depend on rules and limiter, and publish through an interface
          decisions.series |                                 | numbers and counts need neither Kafka nor a disk
          decisions.kafka | decisions.series                 | sending depends on no spool
          decisions.spool.file | decisions.series            | the file stores events and counts, independent of their use
          decisions.spool | decisions.spool.file decisions.kafka decisions.series | the spool replays to Kafka
          decisions     | decisions.spool decisions.spool.file decisions.kafka decisions.series check limiter rules | the publisher receives decisions, not requests
          feed          | decisions.kafka                    | the live feed reads the topic, not the decisions of this process
          api.http      | check                              | messages of HTTP depend on no endpoint
          api.codec     | api.http check rules limiter       | turns bytes into checks and decisions into bytes
          api.access    | api.http                           | access is decided by the head alone
          api.endpoints | api.http api.codec api.access check limiter | an endpoint depends on no server
          api.authz     | api.http api.codec api.endpoints check rules limiter | a further endpoint, with its own grammar
          api           | api.http api.access api.endpoints api.authz limiter | answers a request independently of the server
          api.mvc       | api api.http                       | blocking code is separate from the front door
          api.mvc.rules | api.mvc api.http rules rules.definition rules.json rules.live rules.store | reads and changes rules by HTTP
          api.eventloop.request | api api.http               | decodes one request
          api.eventloop | api api.http api.access api.endpoints api.authz api.eventloop.request check rules limiter | the front door serves the endpoints and contains no logic of limiting
          analytics     |                                    | it only reads tables
          page          | rules rules.live rules.store analytics decisions decisions.series feed api api.http limiter limiter.local limiter.resilience | the page shows the state of other packages
          ops           | api api.access limiter limiter.redis.connection limiter.resilience rules rules.live decisions | reads the state of every package
          """)
  void aPackageImportsOnlyWhatTheTableAllows(String from, String to, String because) {
    String[] allowed =
        Stream.concat(
                Stream.of(from),
                to == null ? Stream.empty() : Arrays.stream(to.strip().split(" +")))
            .map(name -> ROOT + name)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(ROOT + from)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed).or(resideOutsideOfPackages("io.ratelimiter.service..")))
        .because(because)
        .allowEmptyShould(true)
        .check(service);
  }

  @Test
  void onlyTheStoreUsesLettuce() {
    onlyIn("limiter.redis..", "io.lettuce..")
        .because("another store or client must be a change in one package")
        .check(service);
  }

  @Test
  void onlyItsPackageUsesKafka() {
    onlyIn("decisions.kafka", "org.apache.kafka..")
        .because("no caller ever waits for a broker")
        .check(service);
  }

  @Test
  void theContractUsesNoServer() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "api",
            ROOT + "api.http",
            ROOT + "api.codec",
            ROOT + "api.access",
            ROOT + "api.endpoints",
            ROOT + "api.authz")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jakarta.servlet..", "org.apache.catalina..", "io.netty..", "org.springframework.web..")
        .because("it is the same for every server")
        .check(service);
  }

  @Test
  void noPackageImportsAnEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "api.mvc..", ROOT + "api.eventloop..")
        .and(DescribedPredicate.not(application()))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(ROOT + "api.mvc..", ROOT + "api.eventloop..")
                .and(DescribedPredicate.not(openToControllers())))
        .because("an edge depends on the rest, and nothing depends on an edge")
        .check(service);
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("io.ratelimiter.service.(**)")
        .should()
        .beFreeOfCycles()
        .because("packages can be read one at a time, in the order of a request")
        .check(service);
  }

  private static ArchRule onlyIn(String home, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static DescribedPredicate<JavaClass> application() {
    return DescribedPredicate.describe(
        "the application, which composes all",
        type -> type.getPackageName().equals("io.ratelimiter.service"));
  }

  /** Controllers of other packages return the request's correlation id. */
  private static DescribedPredicate<JavaClass> openToControllers() {
    return DescribedPredicate.describe(
        "what controllers may use", type -> type.getSimpleName().equals("Correlation"));
  }
}
