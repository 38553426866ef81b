import HTTP

/// What all connections of one server share. `bufferedByteCount` belongs to the library's one thread.
final class Service: @unchecked Sendable {
  let router: Router
  let limits: Limits
  let deadlines: Deadlines
  let activity = Activity()
  let handlers = HandlerExecutor()
  var bufferedByteCount = 0

  init(router: Router, limits: Limits) {
    self.router = router
    self.limits = limits
    let shortest = min(limits.headTime, limits.bodyTime, limits.replyTime)
    self.deadlines = Deadlines(resolution: max(.milliseconds(5), min(.milliseconds(500), shortest / 8)))
  }
}
