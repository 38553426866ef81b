/// The direction in which a division that leaves a remainder goes. It is always an argument, never a default.
public enum Rounding: Hashable, Sendable {
  /// Toward negative infinity: -7 / 2 is -4.
  case floor
  /// Toward positive infinity: -7 / 2 is -3.
  case ceiling
}
