import API
import Chain
import Clauses
import Console
import Coordination
import Ethereum
import JSON
import Proving
import Settlement
import Signing
import Storage
import Terms

/// Every error of every module, as one line on standard error and a documented exit status. The one place where errors
/// become words and codes for the command line.
struct Failure {
  let status: ExitStatus
  let code: String
  let message: String

  init(_ status: ExitStatus, code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  init(_ error: any Error) {
    message = "\(error)"
    switch error {
    case let error as ConsoleError: (status, code) = (error.exitStatus, error.code)
    case let error as ConfigurationError: (status, code) = (.usage, error.faults.first?.code ?? "configuration_invalid")
    case let error as InputError: (status, code) = (.usage, error.code)
    case is TermsError: (status, code) = (.refused, "terms_invalid")
    case is ClauseErrors: (status, code) = (.refused, "clause_invalid")
    case is ProvingError: (status, code) = (.usage, "range_refused")
    case is SolverError: (status, code) = (.failure, "solver_unavailable")
    case is EthereumError: (status, code) = (.refused, "value_refused")
    case is ReceiptCommands.Missing: (status, code) = (.notFinal, "not_found")
    case is DocumentError: (status, code) = (.refused, "document_malformed")
    case .walletSignature as SettlementError: (status, code) = (.notFinal, "wallet_signature")
    case let error as SettlementError: (status, code) = (.refused, error.code)
    case is SigningError: (status, code) = (.refused, "signing_refused")
    case let error as ServiceError: (status, code) = (error.status, error.code)
    case .transport(.malformedURL, _) as ChainError: (status, code) = (.usage, "url_malformed")
    case is ChainError: (status, code) = (.remoteFailure, "chain_unavailable")
    case is StorageError: (status, code) = (.failure, "storage_unavailable")
    case .otherChain as CoordinationError: (status, code) = (.refused, "other_chain")
    case .otherRules as CoordinationError: (status, code) = (.refused, "other_rules")
    case .storage as CoordinationError: (status, code) = (.failure, "storage_unavailable")
    case .brokenJournal as CoordinationError: (status, code) = (.failure, "journal_broken")
    case .noEscrow as CoordinationError: (status, code) = (.usage, "no_escrow")
    case let error as CoordinationError: (status, code) = (.remoteFailure, error.code)
    case .noDomain as PermitSigning.Failure: (status, code) = (.usage, "domain_missing")
    case is WalletSigning.Failure: (status, code) = (.refused, "wallet_refused")
    case is PermitSigning.Failure: (status, code) = (.refused, "permit_refused")
    case is EscrowSigning.NoPart: (status, code) = (.refused, "no_part")
    case .otherChain as VaultView.Failure: (status, code) = (.refused, "other_chain")
    case is VaultView.Failure: (status, code) = (.remoteFailure, "chain_unavailable")
    case let error as PartyTransaction.Failure: (status, code) = (error.status, error.code)
    default: (status, code) = (.failure, "failed")
    }
  }

  func report(asJSON: Bool) -> ExitStatus {
    if asJSON { Output.result(Envelope(errors: [.init(code: code, message: message)]).text) }
    Output.note("tallystick: \(message)")
    return status
  }
}
