public import Coordination
public import HTTP
import struct Settlement.Appeal
import struct Settlement.Dispute
import struct Settlement.ExerciseNotice
import struct Settlement.Observation
import struct Settlement.Proposal
import struct Settlement.Ruling

/// The whole interface on one screen. Requests and replies are JSON; every POST says the same thing when it is said twice.
public enum Routes {
  /// The routes, over one coordinator.
  public static func table(for coordinator: Coordinator) -> Router {
    let agreements = AgreementRoutes(coordinator: coordinator)
    let health = HealthRoutes(coordinator: coordinator)
    return Router(
      [
        Route(.post, "/v1/agreements", agreements.submit),
        Route(.get, "/v1/agreements", agreements.list),
        Route(.get, "/v1/agreements/:id", agreements.show),
        Route(.post, "/v1/agreements/:id/signatures", agreements.sign),
        Route(.post, "/v1/agreements/:id/evidence", agreements.accept(Observation.self)),
        Route(.get, "/v1/agreements/:id/outcome", agreements.outcome),
        Route(.post, "/v1/agreements/:id/outcomes", agreements.acceptOutcome),
        Route(.post, "/v1/agreements/:id/proposals", agreements.accept(Proposal.self)),
        Route(.post, "/v1/agreements/:id/disputes", agreements.accept(Dispute.self)),
        Route(.post, "/v1/agreements/:id/rulings", agreements.accept(Ruling.self)),
        Route(.post, "/v1/agreements/:id/appeals", agreements.accept(Appeal.self)),
        Route(.post, "/v1/agreements/:id/exercises", agreements.accept(ExerciseNotice.self)),
        Route(.post, "/v1/agreements/:id/amendments", agreements.acceptAmendment),
        Route(.post, "/v1/agreements/:id/novations", agreements.acceptNovation),
        Route(.post, "/v1/agreements/:id/permits", agreements.acceptPermit),
        Route(.get, "/v1/agreements/:id/settlement", agreements.settlement),
        Route(.get, "/v1/agreements/:id/journal", agreements.journal),
        Route(.get, "/v1/agreements/:id/proof", agreements.proof),
        Route(.get, "/v1/service", health.service),
        Route(.get, "/livez", health.live),
        Route(.get, "/readyz", health.ready),
      ],
      refusal: { APIError.http($0).response })
  }
}
