package io.weir.function;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what rules may call: a method is a function, a field holds functions of a longer name. The
 * value says what it does, and is the text of the reference manual. Of several methods with one
 * name, those with fewer parameters need no text.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.FIELD})
public @interface RuleFunction {
    String value() default "";

    /** Whether the function may have to wait, so that the rule is suspended meanwhile. */
    boolean suspends() default false;

    /** Whether the rule is over whenever the function returns: it says so, and need not throw. */
    boolean ends() default false;
}
