package io.vectorstream.it;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A parameter resolver that gives tests the {@link Services}: started for the first test that needs
 * them, the same for all tests, and stopped when the last test is over.
 */
public final class SharedServices implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedServices.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Services.class;
  }

  @Override
  public Services resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // JUnit's store closes its values when the test run ends.
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(Services.class, key -> Services.start(), Services.class);
  }
}
