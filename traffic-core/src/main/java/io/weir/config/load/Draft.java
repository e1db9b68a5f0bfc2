package io.weir.config.load;

import io.weir.config.WeirConfig;

import java.util.Map;

/**
 * A bound configuration on its way to being checked, with the section that each object came from.
 *
 * @param config complete in form; references and the like are not checked yet
 * @param pools for pools made from a list of nodes in a virtual server, an empty section at the
 *     place of the list
 * @param rules those of the section {@code rules}, not those found by their file's name
 */
record Draft(
        WeirConfig config,
        Section global,
        Map<String, Section> virtualServers,
        Map<String, Section> pools,
        Map<String, Section> monitors,
        Map<String, Node.Member> rules,
        Map<String, Section> persistenceClasses,
        Map<String, Section> serviceLevelClasses,
        Map<String, Section> protectionClasses,
        Map<String, Section> rateClasses,
        Map<String, Section> bandwidthClasses,
        Map<String, Section> eventTypes,
        Map<String, Section> actions,
        Map<String, Section> thresholds) {}
