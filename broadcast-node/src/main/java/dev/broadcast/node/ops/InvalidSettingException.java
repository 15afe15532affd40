package dev.broadcast.node.ops;

/** A setting that cannot be; says which flag and what would be right, and no secret. */
public final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String flag;

  /**
   * @param flag for example {@code --port}
   * @param detail what would be right
   */
  public InvalidSettingException(String flag, String detail) {
    super(flag + ": " + detail);
    this.flag = flag;
  }

  /** The flag, for example {@code --port}. */
  public String flag() {
    return flag;
  }
}
