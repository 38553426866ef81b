"""What each test token does, in Python: balances, allowances and every way to misbehave."""

UNITY = 10**18
PAYOUT_GAS = 200_000


class Ledger:
    """A plain token, and the ground of the others. Amounts are what `balanceOf` answers."""

    # Transfers move what they say they do, so a vault can always pay what it owes.
    solvent = True

    def __init__(self, contract: str, decimals: int = 6, arguments: tuple = ()):
        self.contract, self.decimals, self.arguments = contract, decimals, arguments
        self.address = ""
        self.balances: dict[str, int] = {}
        self.allowances: dict[tuple[str, str], int] = {}

    def copy(self) -> tuple:
        """All that changes."""
        return dict(self.balances), dict(self.allowances), dict(self.settings())

    def restore(self, copied: tuple) -> None:
        self.balances, self.allowances = dict(copied[0]), dict(copied[1])
        for name, value in copied[2].items():
            setattr(self, name, value)

    def settings(self) -> dict:
        return {}

    def weather(self, random, holders: list[str]) -> tuple | None:
        """One change of mood: name of the function, arguments."""
        return None

    def set(self, function: str, *arguments) -> None:
        raise NotImplementedError

    def of(self, holder: str) -> int:
        return self.balances.get(holder, 0)

    def mint(self, holder: str, amount: int) -> None:
        self.balances[holder] = self.of(holder) + amount

    def approve(self, owner: str, spender: str, amount: int) -> None:
        self.allowances[owner, spender] = amount

    def move(self, sender: str, receiver: str, amount: int) -> bool:
        if self.of(sender) < amount:
            return False
        self.balances[sender] = self.of(sender) - amount
        self.balances[receiver] = self.of(receiver) + amount
        return True

    def transfer(self, sender: str, receiver: str, amount: int, gas: int | None) -> bool:
        """Whether the caller takes it for a success; `gas` is the cap, None is all there is."""
        return self.move(sender, receiver, amount)

    def transfer_from(self, spender: str, owner: str, receiver: str, amount: int) -> bool:
        allowed = self.allowances.get((owner, spender), 0)
        if allowed < amount:
            return False
        if not self.transfer(owner, receiver, amount, None):
            return False
        self.allowances[owner, spender] = allowed - amount
        return True


class Refusing(Ledger):
    """Answers false while told to."""

    refuses = False

    def settings(self):
        return {"refuses": self.refuses}

    def weather(self, random, holders):
        return "setRefuses", not self.refuses

    def set(self, function, refuses):
        self.refuses = refuses

    def transfer(self, sender, receiver, amount, gas):
        return not self.refuses and self.move(sender, receiver, amount)


class Fee(Ledger):
    """Keeps a part of each transfer."""

    fee = 0

    def settings(self):
        return {"fee": self.fee}

    def weather(self, random, holders):
        return "setFee", random.choice([0, 0, 1, 3, 10**9])

    def set(self, function, fee):
        self.fee = fee

    def transfer(self, sender, receiver, amount, gas):
        if self.fee > amount or self.of(sender) < amount:
            return False
        self.move(sender, receiver, amount - self.fee)
        return self.move(sender, self.address, self.fee)


class Blocking(Ledger):
    """Refuses to pay whom it blocks; the Reentrant token's `setRefused` is the same."""

    blocked: frozenset = frozenset()
    function = "setBlocked"

    def settings(self):
        return {"blocked": self.blocked}

    def weather(self, random, holders):
        holder = random.choice(holders)
        return self.function, holder, holder not in self.blocked

    def set(self, function, holder, blocked):
        self.blocked = self.blocked | {holder} if blocked else self.blocked - {holder}

    def transfer(self, sender, receiver, amount, gas):
        return receiver not in self.blocked and self.move(sender, receiver, amount)


class Reentering(Blocking):
    """Calls back in each transfer. The walk lets it call only what its own vault must refuse."""

    function = "setRefused"

    def transfer_from(self, spender, owner, receiver, amount):
        allowed = self.allowances.get((owner, spender), 0)
        if allowed < amount or not self.move(owner, receiver, amount):
            return False
        self.allowances[owner, spender] = allowed - amount
        return True


class Hungry(Ledger):
    """Burns gas in each `transfer`."""

    burns = 0

    def settings(self):
        return {"burns": self.burns}

    def weather(self, random, holders):
        return "setBurns", random.choice([0, 100_000, 1_000_000])

    def set(self, function, burns):
        self.burns = burns

    def transfer(self, sender, receiver, amount, gas):
        return (gas is None or self.burns < gas) and self.move(sender, receiver, amount)

    def transfer_from(self, spender, owner, receiver, amount):
        allowed = self.allowances.get((owner, spender), 0)
        if allowed < amount or not self.move(owner, receiver, amount):
            return False
        self.allowances[owner, spender] = allowed - amount
        return True


class Odd(Ledger):
    """Moves the money and answers any bytes."""

    solvent = False
    reply = b""

    def settings(self):
        return {"reply": self.reply}

    def weather(self, random, holders):
        one = (1).to_bytes(32, "big")
        return "setReply", (random.choice([b"", b"", one, one, bytes(32), one + one, b"\1"]),)

    def set(self, function, reply):
        self.reply = reply[0]

    def transfer(self, sender, receiver, amount, gas):
        return self.move(sender, receiver, amount) and self.reply in (b"", (1).to_bytes(32, "big"))

    def transfer_from(self, spender, owner, receiver, amount):
        # A refusal of the caller undoes all, so that what moved does not matter here.
        return super().transfer_from(spender, owner, receiver, amount)


class Rebasing(Ledger):
    """Holds shares; the index tells what a share is worth."""

    solvent = False
    index = UNITY

    def settings(self):
        return {"index": self.index}

    def weather(self, random, holders):
        return "setIndex", random.choice(
            [UNITY, UNITY, UNITY + 1, UNITY * 9 // 10, UNITY * 3 // 2, UNITY * 2 // 3]
        )

    def set(self, function, index):
        self.index = index

    def of(self, holder):
        return self.balances.get(holder, 0) * self.index // UNITY

    def mint(self, holder, amount):
        self.balances[holder] = self.balances.get(holder, 0) + amount * UNITY // self.index

    def move(self, sender, receiver, amount):
        shares = amount * UNITY // self.index
        if self.balances.get(sender, 0) < shares:
            return False
        self.balances[sender] = self.balances.get(sender, 0) - shares
        self.balances[receiver] = self.balances.get(receiver, 0) + shares
        return True


class SendingBack(Ledger):
    """As an ERC-777 receiver whose hook sends everything back to whoever paid."""

    sends_back: frozenset = frozenset()

    def settings(self):
        return {"sends_back": self.sends_back}

    def weather(self, random, holders):
        holder = random.choice(holders)
        return "setSendsBack", holder, holder not in self.sends_back

    def set(self, function, holder, sends_back):
        self.sends_back = (
            self.sends_back | {holder} if sends_back else self.sends_back - {holder}
        )

    def transfer(self, sender, receiver, amount, gas):
        if not self.move(sender, receiver, amount):
            return False
        return receiver not in self.sends_back or self.move(receiver, sender, amount)


def plain(decimals: int):
    return lambda: Ledger("PlainToken", decimals, (f"Plain {decimals}", "PLAIN", decimals))


# One token each; a walk goes over one of them and the plain one.
KINDS = {
    "plain": plain(6),
    "0 decimals": plain(0),
    "18 decimals": plain(18),
    "36 decimals": plain(36),
    "no return value": lambda: Ledger("NoReturnToken"),
    "false on failure": lambda: Refusing("FalseToken"),
    "fee on transfer": lambda: Fee("FeeToken"),
    "blocklist": lambda: Blocking("BlocklistToken"),
    "re-entrant": lambda: Reentering("ReentrantToken"),
    "gas-burning": lambda: Hungry("HungryToken"),
    "odd reply": lambda: Odd("OddReplyToken"),
    "rebasing": lambda: Rebasing("RebasingToken"),
    "send-back": lambda: SendingBack("SendBackToken"),
}
