"""Compiles the contracts and writes, or checks, their committed artifacts.

    python build.py            writes codes.vy, artifact.json, abi.json and those of the tests' contracts
    python build.py --check    compiles again and compares; exit status 1 on any difference
"""

import hashlib
import json
import sys
from pathlib import Path

import vyper
from eth_utils import keccak
from vyper.compiler import compile_from_file_input
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.settings import OptimizationLevel, Settings

HERE = Path(__file__).resolve().parent
VYPER = "0.4.3"
EVM = "cancun"
RUNTIME_MAX = 24_576  # bytes, EIP-170
INIT_MAX = 49_152  # bytes, EIP-3860, constructor arguments included

CLAUSES = HERE.parent / "Clauses"
CODES = HERE / "codes.vy"
ABI = HERE / "abi.json"

# What codes.vy holds.
CLAUSE_OF = {
    "EUROPEAN_CALL": "payoff/european-call",
    "EUROPEAN_PUT": "payoff/european-put",
    "VAULT_RULE": "escrow/vault",
    "DELIVERY_RULE": "escrow/delivery",
    "PRICE_RULE": "escrow/price",
    "LADDER_RULE": "escrow/ladder",
    "EVIDENCE_RULE": "arbitration/evidence",
    "RULING_RULE": "arbitration/ruling",
}
PART_OF = {
    "DELIVERY_INIT_CODE": "DeliveryVault.vy",
    "CHANGES_INIT_CODE": "EscrowVaultChanges.vy",
    "PANELS_INIT_CODE": "EscrowVaultPanels.vy",
}

# What stands at each kind of address, and the contracts that answer there.
ADDRESSES = {
    "escrow": ["EscrowFactory"],
    "vault": ["EscrowVault", "EscrowVaultPanels", "EscrowVaultChanges"],
    "deliveryVault": ["DeliveryVault"],
}

ARTIFACTS = {
    HERE / "artifact.json": [
        HERE / "EscrowFactory.vy",
        HERE / "EscrowVault.vy",
        HERE / "EscrowVaultPanels.vy",
        HERE / "EscrowVaultChanges.vy",
        HERE / "DeliveryVault.vy",
    ],
    HERE / "tests" / "sequences" / "reader.json": [HERE / "tests" / "sequences" / "StateReader.vy"],
    HERE / "tests" / "wallets.json": sorted((HERE / "tests" / "wallets").glob("*Wallet.vy")),
    HERE / "tests" / "tokens.json": sorted((HERE / "tests" / "tokens").glob("*Token.vy")),
}


def compile_contract(path: Path) -> dict:
    bundle = FilesystemInputBundle([path.parent])
    output = compile_from_file_input(
        bundle.load_file(path),
        input_bundle=bundle,
        settings=Settings(evm_version=EVM, optimize=OptimizationLevel.GAS),
        output_formats=["abi", "bytecode", "bytecode_runtime"],
        no_bytecode_metadata=True,
    )
    return {
        "abi": output["abi"],
        "initCode": output["bytecode"],
        # As compiled; on chain each immutable follows as one more word.
        "runtime": output["bytecode_runtime"],
    }


def write_codes(checking: bool) -> bool:
    """Writes codes.vy, or tells whether it is right. A contract's digest stands before those that know it."""
    present = CODES.read_text()
    digests = {
        name: keccak(hexstr=(CLAUSES / f"{clause}.bytecode").read_text().strip())
        for name, clause in CLAUSE_OF.items()
    }
    for name, contract in PART_OF.items():
        if not checking:
            CODES.write_text(codes({later: b"\0" * 32 for later in PART_OF} | digests))
        digests[name] = keccak(hexstr=compile_contract(HERE / contract)["initCode"])
    if not checking:
        CODES.write_text(codes(digests))
    return present == codes(digests)


def codes(digests: dict[str, bytes]) -> str:
    lines = [
        "# pragma version 0.4.3",
        '"""',
        "@title Keccak-256 of code that the contracts know by heart",
        "@notice Written by build.py: clauses by their bytecode, parts of a vault's code by their init code.",
        '"""',
        "",
    ]
    for name, digest in digests.items():
        lines += [f"{name}: constant(bytes32) = (", f"    0x{digest.hex()}", ")"]
    return "\n".join(lines) + "\n"


def artifact(contracts: list[Path]) -> dict:
    folder = contracts[0].parent
    return {
        "compiler": {"name": "vyper", "version": VYPER},
        "evmVersion": EVM,
        "settings": {"bytecodeMetadata": False, "optimize": "gas"},
        "contracts": {path.stem: compile_contract(path) for path in contracts},
        "sources": {
            path.name: "0x" + hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.glob("*.vy"))
        },
    }


def interfaces(contracts: dict) -> dict:
    """What block explorers and wallets are given: one ABI an address, whichever part of its code answers."""

    def callable_there(name: str) -> list[dict]:
        entries = [entry for part in ADDRESSES[name] for entry in contracts[part]["abi"]]
        # A vault is a proxy and was not constructed; what no part knows is refused.
        entries = [entry for entry in entries if entry["type"] in ("function", "event")]
        unique = {json.dumps(entry, sort_keys=True): entry for entry in entries}
        return sorted(unique.values(), key=lambda entry: (entry["type"], entry["name"]))

    return {name: callable_there(name) for name in ADDRESSES}


def size(code: str) -> int:
    return len(code) // 2 - 1


def check_sizes(contracts: dict) -> None:
    for name, contract in contracts.items():
        runtime, init = size(contract["runtime"]), size(contract["initCode"])
        if name == "EscrowFactory":  # its argument: offset, length, the vault's init code
            init += 64 + -(-size(contracts["EscrowVault"]["initCode"]) // 32) * 32
        print(f"{name}: runtime {runtime}, init code with arguments {init} bytes")
        if runtime > RUNTIME_MAX or init > INIT_MAX:
            sys.exit(f"{name} is too large")


def main() -> None:
    if vyper.__version__ != VYPER:
        sys.exit(f"vyper {VYPER} is needed, found {vyper.__version__}")
    checking = "--check" in sys.argv[1:]
    stale = []
    if not write_codes(checking) and checking:
        stale.append(CODES.name)
    for target, contracts in ARTIFACTS.items():
        built = artifact(contracts)
        check_sizes(built["contracts"])
        files = {target: built}
        if "EscrowFactory" in built["contracts"]:
            files[ABI] = interfaces(built["contracts"])
        for file, content in files.items():
            text = json.dumps(content, indent=1, sort_keys=True) + "\n"
            if not checking:
                file.write_text(text)
            elif not file.exists() or file.read_text() != text:
                stale.append(str(file.relative_to(HERE)))
    if stale:
        sys.exit("differs from what the sources compile to: " + ", ".join(stale))


if __name__ == "__main__":
    main()
