package io.weir.examples.browser;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Gives tests the one {@link Desk} of the run. Where no Chromium is installed they are left out,
 * and the reason says so.
 */
final class AtTheDesk implements ParameterResolver, ExecutionCondition {

    private static final ExtensionContext.Namespace PLACE =
            ExtensionContext.Namespace.create(AtTheDesk.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Path> chromium = Browser.installed();
        return chromium.isPresent()
                ? ConditionEvaluationResult.enabled("with " + chromium.get())
                : ConditionEvaluationResult.disabled(
                        "no Chromium is installed, so nobody looks at the pages");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Desk.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(PLACE)
                .getOrComputeIfAbsent("desk", _ -> open(), Desk.class);
    }

    private static Desk open() {
        try {
            return Desk.open(Browser.installed().orElseThrow());
        } catch (Exception e) {
            throw new IllegalStateException("the desk could not be made ready", e);
        }
    }
}
