import Dispatch

/// The threads that run the handlers, as many as there are processors, and nothing else. Handlers do not run on the
/// threads that all tasks of the process share: a request would wait for whatever computes there, first come first
/// served, and its client would give up.
final class HandlerExecutor: TaskExecutor {
  /// Of another class of service than tasks have by default, since queues of one class share their threads.
  private let queue = DispatchQueue(label: "tallystick.http.handlers", qos: .userInitiated, attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
