/**
 * The plug point for rules: what a rules engine is asked for and what it may see of an exchange.
 * Start at {@link io.weir.rule.RuleEngine}, then {@link io.weir.rule.RuleSide}. No language and no
 * engine is named here; an engine is found when a configuration has rules, and not before.
 */
@NullMarked
package io.weir.rule;

import org.jspecify.annotations.NullMarked;
