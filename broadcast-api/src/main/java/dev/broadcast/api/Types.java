package dev.broadcast.api;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The standard types: known from the start to a strict broadcaster, too. */
public final class Types {
  public static final String CREATE = "create";
  public static final String UPDATE = "update";
  public static final String DELETE = "delete";
  public static final String REFRESH = "refresh";
  public static final String STATUS = "status";
  public static final String ERROR = "error";
  public static final String CUSTOM = "custom";

  /** All seven, in the order of the documentation. */
  public static final Set<String> STANDARD =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of(CREATE, UPDATE, DELETE, REFRESH, STATUS, ERROR, CUSTOM)));

  private Types() {}
}
