import Testing

/// The repository as it is.
struct StructureTests {
  @Test
  func `modules import only what lies below them or along an arrow, and C libraries only where pointers are owned`()
    throws
  {
    let violations = try Repository.swift(in: "Sources").flatMap { ModuleGraph.violations(in: $0) }
    #expect(violations.isEmpty, "\(violations.listed)")
  }

  @Test func `the manifest declares the graph's modules and no edge that it forbids`() throws {
    let manifest = Manifest(try Repository.text("Package.swift"))
    #expect(Set(manifest.modules.keys) == Set(ModuleGraph.modules))
    for (module, dependencies) in manifest.modules.sorted(by: { $0.key < $1.key }) {
      for other in dependencies {
        #expect(ModuleGraph.allows(module, toImport: other), "\(module) depends on \(other)")
      }
    }
  }

  @Test func `every folder of sources is a module, a system library or the documentation`() throws {
    let known = Set(ModuleGraph.modules + ["System", "Tallystick.docc"])
    #expect(Set(try Repository.folders(in: "Sources")) == known)
    #expect(Set(try Repository.folders(in: "Sources/System")) == Set(ModuleGraph.layers[0]))
  }

  @Test func `every module but the programs has a test target with tests in it`() throws {
    let manifest = Manifest(try Repository.text("Package.swift"))
    for module in ModuleGraph.modules where !module.hasPrefix("tallystick") {
      // What a server does shows only through the messages that it speaks.
      let target = module == "HTTPServer" ? "HTTPTests" : module + "Tests"
      #expect(manifest.tests.contains(target), "\(module) has no target \(target)")
      let files = try Repository.exists("Tests/" + target) ? Repository.swift(in: "Tests/" + target) : []
      #expect(files.contains { $0.code.contains { $0.contains("@Test") } }, "\(target) tests nothing")
    }
  }

  @Test func `nothing is forced, and no trap stands where input may reach it`() throws {
    let violations = try Repository.swift(in: "Sources").flatMap(Rules.traps)
    #expect(violations.isEmpty, "\(violations.listed)")
  }

  @Test func `no source file is longer than one concept needs`() throws {
    let files = try Repository.swift(in: "Sources")
    #expect(files.flatMap(Rules.length).isEmpty, "\(files.flatMap(Rules.length).listed)")
  }

  @Test func `the layers that decide about money know neither floating point nor waiting`() throws {
    let files = try Repository.swift(in: "Sources")
    let violations = files.flatMap(Rules.floatingPoint) + files.flatMap(Rules.asynchrony)
    #expect(violations.isEmpty, "\(violations.listed)")
  }

  @Test func `no exception is listed that nothing needs`() throws {
    for path in Array(Rules.traps.keys) + Array(Rules.floatingPoint.keys) {
      #expect(Repository.exists(path), "\(path) is gone: strike it from the list")
    }
    for path in Rules.traps.keys {
      let file = SourceFile(path: "elsewhere/" + path, text: try Repository.text(path))
      #expect(!Rules.traps(file).isEmpty, "\(path) traps no more: strike it from the list")
    }
    for owners in ModuleGraph.pointerOwners {
      for path in owners.value {
        let file = SourceFile(path: path, text: try Repository.text(path))
        #expect(file.imports.contains { $0.name == owners.key }, "\(path) does not import \(owners.key)")
      }
    }
  }

  @Test func `nothing is left unfinished`() throws {
    let suffixes = [".swift", ".py", ".vy", ".clause", ".md", ".sh"]
    var violations: [Violation] = []
    for folder in ["Sources", "Tests", "Contracts"] {
      for path in try Repository.files(in: folder) where suffixes.contains(where: path.hasSuffix) {
        violations += Rules.leftovers(path: path, text: try Repository.text(path))
      }
    }
    #expect(violations.isEmpty, "\(violations.listed)")
  }
}

extension [Violation] {
  var listed: String { map(\.description).joined(separator: "\n") }
}
