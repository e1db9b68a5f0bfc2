package io.weir.runtime;

import io.weir.config.AddressBlocks;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.exchange.ErrorPages;
import io.weir.log.AccessLogs;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.Pools;
import io.weir.protect.ProtectionClasses;
import io.weir.rule.RuleProblem;
import io.weir.rule.RulesRefusedException;
import io.weir.runtime.DataPlane.Change;
import io.weir.runtime.DataPlane.ObjectResult;
import io.weir.runtime.OpenListeners.Opened;
import io.weir.tls.TlsContexts.Prepared;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes candidates out of configurations: does everything that can fail, before anything is
 * changed. Calls come one after the other.
 */
final class Candidates {

    private final RunningTls tls;
    private final ClusterKeyFile clusterKey;
    private final Rules rules;
    private final OpenListeners listeners;

    Candidates(RunningTls tls, ClusterKeyFile clusterKey, Rules rules, OpenListeners listeners) {
        this.tls = tls;
        this.clusterKey = clusterKey;
        this.rules = rules;
        this.listeners = listeners;
    }

    /**
     * What could be put in force.
     *
     * @param before what is in force
     * @return null when something is not possible; {@code results} says what
     */
    @Nullable Candidate of(WeirConfig config, Snapshot before, List<ObjectResult> results) {
        Prepared prepared = tls.prepare(config, clusterKey, results);
        if (prepared == null) {
            return null;
        }
        Opened opened = new Opened();
        try {
            AddressBlocks trusted = AddressBlocks.of(config.global().trustedProxies());
            Pools.check(config.pools());
            Rules.Prepared ruleSet = rules(config, results);
            PersistenceClasses persistence = persistence(before, config);
            ProtectionClasses guards = before.protection().next(config.protectionClasses());
            Map<String, ErrorPages> pages = new HashMap<>();
            boolean ready = readFiles(config, pages, results);
            ready &= listeners.open(config, before.config().global(), opened, results);
            if (!ready) {
                throw new Refused();
            }
            return new Candidate(
                    config, trusted, ruleSet, persistence, guards, pages, prepared, opened);
        } catch (Refused | RuntimeException e) {
            opened.close();
            prepared.discard();
            if (e instanceof IllegalArgumentException) {
                results.add(new ObjectResult("global", Change.FAILED, e.getMessage()));
            } else if (e instanceof RuntimeException failure) {
                throw failure;
            }
            return null;
        }
    }

    private Rules.Prepared rules(WeirConfig config, List<ObjectResult> results) throws Refused {
        try {
            return rules.prepare(config);
        } catch (RulesRefusedException e) {
            for (RuleProblem problem : e.problems()) {
                results.add(
                        new ObjectResult(
                                "rules/" + problem.rule(), Change.FAILED, problem.toString()));
            }
            throw new Refused();
        }
    }

    /** The classes of {@code config}; a key is made only when one of them needs it. */
    private PersistenceClasses persistence(Snapshot before, WeirConfig config) {
        if (config.persistenceClasses().isEmpty()) {
            return PersistenceClasses.NONE;
        }
        try {
            return before.persistence()
                    .next(
                            config.persistenceClasses(),
                            clusterKey.key(config.global().clusterKey()));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Reads error pages and looks whether logs can be written. */
    private static boolean readFiles(
            WeirConfig config, Map<String, ErrorPages> pages, List<ObjectResult> results) {
        boolean all = true;
        for (VirtualServerConfig vs : config.virtualServers().values()) {
            try {
                pages.put(vs.name(), ErrorPages.of(vs));
                if (vs.log().enabled()) {
                    AccessLogs.checkFile(vs.name(), vs.log().file());
                    AccessLogs.checkFormat(vs.log().format());
                }
            } catch (IOException | IllegalArgumentException e) {
                results.add(
                        new ObjectResult(
                                "virtual-servers/" + vs.name(),
                                Change.FAILED,
                                String.valueOf(e.getMessage())));
                all = false;
            }
        }
        return all;
    }
}
