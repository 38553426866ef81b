"""Everything about a development chain that is chosen when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

GWEI = 10**9
ETHER = 10**18


@dataclass(frozen=True)
class Limits:
    """Where the endpoint stops answering. The defaults are geth's or a common provider's."""

    body_bytes: int = 5 * 1024 * 1024
    batch_items: int = 1000
    response_bytes: int = 25 * 1024 * 1024
    log_block_range: int = 10_000
    log_results: int = 10_000
    fee_history_blocks: int = 1024


@dataclass(frozen=True)
class Settings:
    """A chain's identity, its genesis, and how its endpoint behaves."""

    chain_id: int = 31337
    funds: dict[bytes, int] = field(default_factory=dict)
    """Balances in wei at genesis, by 20-byte address."""
    genesis_time: int = 1_700_000_000
    """Unix seconds of the genesis block; with `wall_clock` the present time is taken instead."""
    gas_limit: int = 30_000_000
    base_fee: int = GWEI
    """Base fee of the genesis block, wei per gas; later blocks follow EIP-1559."""
    priority_fee: int = GWEI
    """What `eth_maxPriorityFeePerGas` suggests, wei per gas."""
    coinbase: bytes = bytes.fromhex("00000000000000000000000000000000c01ba5e0")
    safe_depth: int = 4
    """How many blocks `safe` stays behind `latest`."""
    finalized_depth: int = 8
    """How many blocks `finalized` stays behind `latest`."""
    automine: bool = True
    """Whether an accepted transaction makes a block at once."""
    wall_clock: bool = False
    """Whether the chain's time runs with the machine's instead of standing still until a test moves it."""
    limits: Limits = field(default_factory=Limits)
