package io.weir.config.load;

import io.weir.config.ActionConfig;
import io.weir.config.AuthenticatorConfig;
import io.weir.config.BandwidthConfig;
import io.weir.config.EventTypeConfig;
import io.weir.config.MonitorConfig;
import io.weir.config.PersistenceConfig;
import io.weir.config.PoolConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.Protocol;
import io.weir.config.RateConfig;
import io.weir.config.ServiceLevelConfig;
import io.weir.config.ThresholdConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the records of the model from a document whose structure has been checked. Faulty values
 * become defaults, so that the rest can still be checked; what comes out is used only when nothing
 * was faulty.
 */
final class Binder {

    private final Problems problems;
    private final GlobalBinder globalBinder;
    private final VirtualServerBinder virtualServerBinder;
    private final PoolBinder poolBinder;
    private final MonitorBinder monitorBinder;
    private final RuleBinder ruleBinder;
    private final ResourceBinder resourceBinder;
    private final ClassBinder classBinder;
    private final NamedFiles files;
    private final AlertBinder alertBinder;

    /**
     * @param directory what file names in the document are relative to
     * @param files finds files, which are relative to it
     * @param ruleFiles reads the files of rules and of address lists
     * @param resourceBinder reads the files for rules, if there are rules
     */
    Binder(
            Path directory,
            NamedFiles files,
            RuleBinder.Files ruleFiles,
            ResourceBinder resourceBinder,
            Problems problems) {
        this.problems = problems;
        this.resourceBinder = resourceBinder;
        this.files = files;
        TlsBinder tlsBinder = new TlsBinder(files, problems);
        this.poolBinder = new PoolBinder(tlsBinder, problems);
        ProgramFile programs = new ProgramFile(directory, problems);
        this.monitorBinder = new MonitorBinder(programs, problems);
        this.ruleBinder = new RuleBinder(directory, ruleFiles, problems);
        this.classBinder = new ClassBinder(directory, ruleFiles, problems);
        this.alertBinder = new AlertBinder(files, programs, problems);
        this.globalBinder = new GlobalBinder(files, problems);
        this.virtualServerBinder = new VirtualServerBinder(files, ruleBinder, tlsBinder, problems);
    }

    /** Files with certificates, keys and the like that the configuration names. */
    Set<Path> tlsFiles() {
        return files.tlsFiles();
    }

    Draft bind(Section root) {
        Map<String, Section> poolSections = new LinkedHashMap<>(root.sections("pools"));
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        poolSections.forEach(
                (name, section) ->
                        pools.put(
                                name,
                                poolBinder.pool(
                                        name,
                                        section,
                                        section.node("nodes"),
                                        section.path("nodes"))));

        Map<String, Section> serverSections = root.sections("virtual-servers");
        Map<String, VirtualServerConfig> servers = new LinkedHashMap<>();
        for (Map.Entry<String, Section> entry : serverSections.entrySet()) {
            String name = entry.getKey();
            Section section = entry.getValue();
            String pool = name;
            if (section.node("pool") instanceof Sequence nodes) {
                inlinePool(name, section, nodes, root, poolSections, pools);
            } else {
                pool = section.node("pool") instanceof Scalar scalar ? scalar.text() : "";
            }
            servers.put(name, virtualServerBinder.bind(name, section, pool));
        }

        Map<String, Section> monitorSections = root.sections("monitors");
        Map<String, MonitorConfig> monitors = new LinkedHashMap<>();
        monitorSections.forEach(
                (name, section) -> monitors.put(name, monitorBinder.monitor(name, section)));
        addBuiltIn(pools, monitors);

        ruleBinder.catalog(root);
        serverSections.values().forEach(ruleBinder::findNamed);

        Map<String, Section> persistenceSections = root.sections("persistence-classes");
        Map<String, PersistenceConfig> persistence = new LinkedHashMap<>();
        persistenceSections.forEach(
                (name, section) ->
                        persistence.put(name, PersistenceBinder.persistence(name, section)));

        Map<String, Section> levelSections = root.sections("service-level-classes");
        Map<String, ServiceLevelConfig> levels = new LinkedHashMap<>();
        levelSections.forEach((name, section) -> levels.put(name, serviceLevel(name, section)));
        Map<String, Section> protectionSections = root.sections("protection-classes");
        Map<String, ProtectionConfig> protection = new LinkedHashMap<>();
        protectionSections.forEach(
                (name, section) -> {
                    protection.put(name, classBinder.protection(name, section));
                    ruleBinder.findNamed(section.textOrNull("rule"));
                });
        Map<String, Section> rateSections = root.sections("rate-classes");
        Map<String, RateConfig> rates = new LinkedHashMap<>();
        rateSections.forEach((name, section) -> rates.put(name, ClassBinder.rate(name, section)));
        Map<String, Section> bandwidthSections = root.sections("bandwidth-classes");
        Map<String, BandwidthConfig> bandwidth = new LinkedHashMap<>();
        bandwidthSections.forEach(
                (name, section) -> bandwidth.put(name, ClassBinder.bandwidth(name, section)));
        Map<String, Section> eventTypeSections = root.sections("event-types");
        Map<String, EventTypeConfig> eventTypes = new LinkedHashMap<>();
        eventTypeSections.forEach(
                (name, section) -> eventTypes.put(name, AlertBinder.eventType(name, section)));
        Map<String, Section> actionSections = root.sections("actions");
        Map<String, ActionConfig> actions = new LinkedHashMap<>();
        actionSections.forEach(
                (name, section) -> actions.put(name, alertBinder.action(name, section)));

        Map<String, Section> authenticatorSections = root.sections("authenticators");
        Map<String, AuthenticatorConfig> authenticators = new LinkedHashMap<>();
        authenticatorSections.forEach(
                (name, section) ->
                        authenticators.put(name, AuthenticatorBinder.bind(name, section, files)));
        Map<String, Section> thresholdSections = root.sections("thresholds");
        Map<String, ThresholdConfig> thresholds = new LinkedHashMap<>();
        thresholdSections.forEach(
                (name, section) -> thresholds.put(name, AlertBinder.threshold(name, section)));

        Section global = root.section("global");
        return new Draft(
                new WeirConfig(
                        globalBinder.bind(global),
                        servers,
                        pools,
                        monitors,
                        ruleBinder.rules(),
                        persistence,
                        levels,
                        protection,
                        rates,
                        bandwidth,
                        eventTypes,
                        actions,
                        thresholds,
                        authenticators,
                        ruleBinder.rules().isEmpty() ? Map.of() : resourceBinder.read()),
                global,
                serverSections,
                poolSections,
                monitorSections,
                ruleBinder.members(),
                persistenceSections,
                levelSections,
                protectionSections,
                rateSections,
                bandwidthSections,
                eventTypeSections,
                actionSections,
                thresholdSections);
    }

    private void inlinePool(
            String name,
            Section server,
            Sequence nodes,
            Section root,
            Map<String, Section> sections,
            Map<String, PoolConfig> pools) {
        String path = server.path("pool");
        Section taken = sections.get(name);
        if (taken != null) {
            problems.error(
                    nodes.place(),
                    path,
                    ProblemCode.POOL_TWICE,
                    path
                            + ": this list makes a pool with the name '"
                            + name
                            + "', which stands in "
                            + taken.place().brief()
                            + " already; give that name in place of the list, or rename one");
            return;
        }
        Shape shape = root.shapeOf("pools").others();
        if (shape == null) {
            throw new IllegalStateException("pools have no shape");
        }
        Section section = new Section(path, nodes.place(), null, shape, problems);
        sections.put(name, section);
        PoolConfig pool = poolBinder.pool(name, section, nodes, path);
        String monitor = server.choice("protocol", Protocol.class).monitor();
        pools.put(name, monitor == null ? pool : pool.monitoredBy(List.of(monitor)));
    }

    private static void addBuiltIn(
            Map<String, PoolConfig> pools, Map<String, MonitorConfig> monitors) {
        Map<String, MonitorConfig> builtIn = BuiltInMonitors.all();
        for (PoolConfig pool : pools.values()) {
            for (String name : pool.monitors()) {
                MonitorConfig monitor = builtIn.get(name);
                if (monitor != null) {
                    monitors.putIfAbsent(name, monitor);
                }
            }
        }
    }

    private static ServiceLevelConfig serviceLevel(String name, Section s) {
        return new ServiceLevelConfig(
                name,
                s.time("response-time"),
                s.count("warning-threshold"),
                s.count("serious-threshold"),
                s.textOrNull("note"));
    }
}
