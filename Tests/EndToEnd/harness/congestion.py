"""Others who fill the chain's blocks, so that its base fee rises as it would on any chain (EIP-1559)."""

from __future__ import annotations

from harness.chain import Chain


class Congestion:
    """Blocks come from here alone while it lasts: `with Congestion(chain) as congestion`."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        # PUSH1 fe PUSH1 0 MSTORE8 PUSH1 1 PUSH1 0 RETURN: what it deploys is INVALID, which uses up all gas it is given.
        self._waste = chain.send(chain.deployer, data="0x60fe60005360016000f3")["contractAddress"]

    def __enter__(self) -> Congestion:
        self.chain.ask("devchain_hold")
        return self

    def __exit__(self, *_: object) -> None:
        self.chain.ask("devchain_release")

    @property
    def base_fee(self) -> int:
        """Of the newest block, wei per gas."""
        return self.chain.web3.eth.get_block("latest")["baseFeePerGas"]

    def fill(self) -> None:
        """A block 19 parts in 20 full: the base fee rises by 11.25 per cent."""
        web3, deployer = self.chain.web3, self.chain.deployer
        nonce = web3.eth.get_transaction_count(deployer.address)
        for offset in range(3):
            signed = deployer.sign_transaction({
                "nonce": nonce + offset, "chainId": self.chain.id, "to": self._waste, "value": 0, "gas": 9_500_000,
                "maxFeePerGas": 100 * 10**9, "maxPriorityFeePerGas": 10**9})
            web3.eth.send_raw_transaction(signed.raw_transaction)
        self.chain.mine()
