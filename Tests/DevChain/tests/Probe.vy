# pragma version 0.4.3
# What the development chain's tests need from a contract: it sees the time, logs, reverts, refunds, and calls itself.

event Seen:
    who: indexed(address)
    mark: indexed(uint256)
    time: uint256

time: public(uint256)
number: public(uint256)
fee: public(uint256)
marks: public(HashMap[uint256, uint256])
slots: HashMap[uint256, uint256]
depth_reached: public(uint256)


@external
def look(mark: uint256):
    """Stores and logs what the block looks like from inside."""
    self.time = block.timestamp
    self.number = block.number
    self.fee = block.basefee
    self.marks[mark] = block.timestamp
    log Seen(who=msg.sender, mark=mark, time=block.timestamp)


@external
@view
def now() -> uint256:
    return block.timestamp


@external
@view
def height() -> uint256:
    return block.number


@external
@view
def ancestor(number: uint256) -> uint256:
    return convert(blockhash(number), uint256)


@external
def many(count: uint256):
    """Logs many times."""
    for mark: uint256 in range(count, bound=64):
        log Seen(who=msg.sender, mark=mark, time=block.timestamp)


@external
def fill(count: uint256):
    """Writes slots, for `clear` to earn refunds from."""
    for slot: uint256 in range(count, bound=64):
        self.slots[slot] = 1


@external
def clear(count: uint256):
    for slot: uint256 in range(count, bound=64):
        self.slots[slot] = 0


@external
def descend(levels: uint256):
    """Calls itself, level by level: each passes on at most 63/64 of its gas, and the innermost needs much of it."""
    if levels == 0:
        for slot: uint256 in range(8):
            self.slots[100 + slot] += 1
        return
    extcall Myself(self).descend(levels - 1)
    self.depth_reached = max(self.depth_reached, levels)


@external
def wants(least: uint256):
    """Refuses to run with less gas than that, then uses almost nothing."""
    assert msg.gas >= least, "too little gas"
    self.depth_reached = least


@external
def complain(reason: String[64]):
    raise reason


@external
def fail_bare():
    raise


@external
def fail_raw(data: Bytes[64]):
    raw_revert(data)


@external
@payable
def pay():
    pass


interface Myself:
    def descend(levels: uint256): nonpayable
