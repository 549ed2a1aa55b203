package io.vectorstream.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A mark of end-to-end tests that {@code mvn verify} leaves to {@code mvn verify -Pnightly}: those
 * that ask for a speed, take minutes, or break once more, in another place, what a test without the
 * mark breaks. A class or a method that {@code -Dit.test} names runs in any case.
 */
@Tag("nightly")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Nightly {}
