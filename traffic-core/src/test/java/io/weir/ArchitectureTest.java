package io.weir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.io.ObjectInputStream;
import java.util.stream.Stream;

/**
 * The layer table of traffic-core as rules: a package may use its own layer and those below it,
 * packages have no cycles, and only some layers may see Netty.
 *
 * <p>A sub-package belongs to the layer of its parent. Layers whose packages do not exist yet are
 * allowed to be empty; a package that is in no layer is an error, so that a new one is given its
 * place here.
 */
@AnalyzeClasses(packages = "io.weir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] MODEL =
            packages(
                    "config", "event", "fault", "time", "kernel", "metrics", "log", "explain",
                    "history");
    private static final String[] HTTP = packages("http");
    private static final String[] DECIDE =
            packages(
                    "pool",
                    "balance",
                    "persist",
                    "slm",
                    "monitor",
                    "cache",
                    "compress",
                    "cert",
                    "admit",
                    "protect",
                    "rate",
                    "bandwidth",
                    "rule");
    private static final String[] MOVE = packages("tls", "wire", "exchange");
    private static final String[] RUN = packages("runtime");
    private static final String[] ADMIN = packages("admin");
    private static final String[] CONTROL = packages("control", "alert");
    private static final String[] START = packages("launcher");

    @ArchTest
    static final ArchRule aLayerUsesOnlyItselfAndTheLayersBelow =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .withOptionalLayers(true)
                    .layer("model")
                    .definedBy(MODEL)
                    .layer("http")
                    .definedBy(HTTP)
                    .layer("decide")
                    .definedBy(DECIDE)
                    .layer("move")
                    .definedBy(MOVE)
                    .layer("run")
                    .definedBy(RUN)
                    .layer("admin")
                    .definedBy(ADMIN)
                    .layer("control")
                    .definedBy(CONTROL)
                    .layer("start")
                    .definedBy(START)
                    .whereLayer("http")
                    .mayOnlyBeAccessedByLayers("decide", "move", "run", "admin", "control", "start")
                    .whereLayer("decide")
                    .mayOnlyBeAccessedByLayers("move", "run", "admin", "control", "start")
                    .whereLayer("move")
                    .mayOnlyBeAccessedByLayers("run", "control", "start")
                    .whereLayer("run")
                    .mayOnlyBeAccessedByLayers("control", "start")
                    .whereLayer("admin")
                    .mayOnlyBeAccessedByLayers("control", "start")
                    .whereLayer("control")
                    .mayOnlyBeAccessedByLayers("start")
                    .whereLayer("start")
                    .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule everyPackageHasALayer =
            classes()
                    .should()
                    .resideInAnyPackage(all(MODEL, HTTP, DECIDE, MOVE, RUN, ADMIN, CONTROL, START))
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.weir.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule theModelTheControlPlaneAndTheLauncherDoNotSeeNetty =
            noClasses()
                    .that()
                    .resideInAnyPackage(all(MODEL, CONTROL, START))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.netty..")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule httpSeesOnlyBuffersAndCodecTypesOfNetty =
            noClasses()
                    .that()
                    .resideInAnyPackage(HTTP)
                    .should()
                    .dependOnClassesThat(
                            nettyBut(
                                    "io.netty.buffer..",
                                    "io.netty.util",
                                    "io.netty.handler.codec.."))
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule decisionsSeeOnlyBuffersOfNetty =
            noClasses()
                    .that()
                    .resideInAnyPackage(DECIDE)
                    .should()
                    .dependOnClassesThat(nettyBut("io.netty.buffer..", "io.netty.util"))
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheLauncherEndsTheProcess =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(START)
                    .should()
                    .callMethod(System.class, "exit", int.class)
                    .orShould()
                    .callMethod(Runtime.class, "exit", int.class)
                    .orShould()
                    .callMethod(Runtime.class, "halt", int.class)
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheLauncherPrintsToStandardOutput =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(START)
                    .should()
                    .accessField(System.class, "out")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingIsDeserialised =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ObjectInputStream.class)
                    .allowEmptyShould(true);

    private static String[] packages(String... names) {
        return Stream.of(names).map(name -> "io.weir." + name + "..").toArray(String[]::new);
    }

    private static String[] all(String[]... layers) {
        return Stream.of(layers).flatMap(Stream::of).toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> nettyBut(String... allowed) {
        return JavaClass.Predicates.resideInAPackage("io.netty..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(allowed));
    }
}
