package io.ratelimiter.endtoend;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects one {@link PageStack} per JVM into all tests of the page, because its start takes longer
 * than most tests. Clears the browser's errors before each test.
 */
final class PageStackExtension implements BeforeEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(PageStackExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    WebPage web = stack(context).web();
    web.look(Viewport.LIGHT);
    web.browser().complaints().clear();
    web.browser().requests().clear();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PageStack.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return stack(context);
  }

  private static PageStack stack(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(PageStack.class, key -> new PageStack(), PageStack.class);
  }
}
