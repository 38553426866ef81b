/// What a program can say: operators, functions and statements. The walker counts those that it comes to.
package enum Form: Int, CaseIterable, Sendable {
  case number, address, digest, caseName, input, binder, definition
  case and, or, not, equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case add, subtract, multiply, negate, conditional, match, matchElse
  case min, max, clamp, floor, ceiling, remainder, amount, coins, delivery, fresh, known
  case fold, below, elements, indices, paired, any, all
  case count, at, sum, average, highest, lowest
  case given, find, stage, until, after, deliveries
}
