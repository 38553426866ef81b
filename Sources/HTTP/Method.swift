/// The methods that a route may have; every other one is refused with 501.
///
/// - Source: RFC 9110 section 9; PATCH from RFC 5789.
public enum Method: String, Hashable, Sendable, CaseIterable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  case options = "OPTIONS"
}
