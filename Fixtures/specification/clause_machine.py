"""Bytecode of the clause language, version 1: read, and run, from its written description alone.

It trusts that the bytecode was verified: it finds types as it runs, and nothing of a path that is not taken.
"""

from dataclasses import dataclass, field

LOWEST, HIGHEST = -(2**255), 2**255 - 1
KINDS = {1: "payoff", 2: "escrow", 3: "arbitration"}
STEPS_MAX = 1_000_000

BOOL, INT, AMOUNT, PRICE, QUANTITY, TIME, DURATION, DELIVERY, ADDRESS, DIGEST, STATUS = (*range(1, 11), 16)
ENUMERATION, LIST = 32, 128
# The largest value that an input may have; where nothing stands, any.
LARGEST = {BOOL: 1, STATUS: 6, ADDRESS: 2**160 - 1} | {
    **dict.fromkeys((AMOUNT, PRICE, QUANTITY, DELIVERY), 2**128 - 1), **dict.fromkeys((TIME, DURATION), 2**64 - 1)}

# Name, operands (an input, a slot, a distance, rounds, a constant), cost, and whether a step leaves its value in the trace.
TABLE = {
    0x01: ("push", "constant", 1, True), 0x02: ("load", "input", 1, True), 0x03: ("known", "input", 1, True),
    0x04: ("get", "slot", 1, True), 0x05: ("keep", "slot", 1, True), 0x06: ("count", "input", 1, True),
    0x07: ("item", "input", 1, True), 0x08: ("paired", "input input", 1, False), 0x09: ("store", "slot", 1, True),
    0x10: ("add", "", 1, True), 0x11: ("subtract", "", 1, True), 0x12: ("multiply", "", 2, True),
    0x13: ("negate", "", 1, True), 0x14: ("mulDiv.floor", "", 8, True), 0x15: ("mulDiv.ceiling", "", 8, True),
    0x16: ("amount.floor", "", 10, True), 0x17: ("amount.ceiling", "", 10, True), 0x18: ("min", "", 1, True),
    0x19: ("max", "", 1, True), 0x1A: ("clamp", "", 2, True), 0x1B: ("coins.floor", "", 12, True),
    0x1C: ("coins.ceiling", "", 12, True), 0x1D: ("delivery", "", 1, True), 0x1E: ("fresh", "", 2, True),
    0x1F: ("remainder", "", 4, True), 0x20: ("equal", "", 1, True), 0x21: ("notEqual", "", 1, True),
    0x22: ("less", "", 1, True), 0x23: ("lessOrEqual", "", 1, True), 0x24: ("greater", "", 1, True),
    0x25: ("greaterOrEqual", "", 1, True), 0x26: ("not", "", 1, True), 0x30: ("jump", "distance", 1, False),
    0x31: ("jumpUnless", "distance", 1, False), 0x32: ("fold", "slot distance rounds", 2, False),
    0x33: ("foldList", "slot distance input", 2, False), 0x34: ("next", "", 2, True), 0x40: ("pay", "", 2, True),
    0x41: ("nothing", "", 1, False), 0x42: ("closed", "", 1, False), 0x43: ("find", "", 1, True),
    0x45: ("given", "", 1, False)}
WIDTH = {"input": 1, "slot": 1, "distance": 2, "rounds": 4}


class Fault(Exception):
    """No outcome: the fault's name, and its values."""

    def __init__(self, name: str, *values):
        super().__init__(name, *values)
        self.name, self.values = name, values


@dataclass
class Program:
    kind: str
    inputs: list[tuple[str, int]]  # name, type
    routes: list[str]
    cost: int
    code: list[tuple[str, list]]  # name, operands; a distance is the place in `code` that it leads to
    opcodes: list[int]
    enumerations: list[list[str]] = field(default_factory=list)
    bounds: dict[int, int] = field(default_factory=dict)
    finds: list[tuple[str, int]] = field(default_factory=list)


def read(code: bytes) -> Program:
    """The parts of a program."""
    place = 0

    def number(count: int = 1) -> int:
        nonlocal place
        place += count
        assert place <= len(code)
        return int.from_bytes(code[place - count : place], "big")

    def name() -> str:
        nonlocal place
        length = number()
        place += length
        return code[place - length : place].decode("ascii")

    assert number(4) == int.from_bytes(b"TSCL", "big") and number() == 1
    kind = KINDS[number()]
    inputs = []
    for _ in range(number()):
        _group, type_byte = number(), number()
        inputs.append((name(), type_byte))
    routes = [name() for _ in range(number())]
    cost, length = number(4), number(2)
    start, end = place, place + length
    found, at = [], {}
    while place < end:
        at[place] = len(found)
        opcode = number()
        operands = []
        for form in TABLE[opcode][1].split():
            if form == "constant":
                type_byte = number()
                value = number(number())
                operands.append((signed(value) if type_byte == DIGEST else value, type_byte))
            else:
                operands.append(number(WIDTH[form]))
        found.append((opcode, place, operands))
    at[end] = len(found)
    program = Program(kind, inputs, routes, cost, [], [opcode for opcode, _, _ in found])
    for opcode, after, operands in found:
        forms = TABLE[opcode][1].split()
        if "distance" in forms:
            distance = forms.index("distance")
            operands[distance] = at[after + operands[distance]]
        program.code.append((TABLE[opcode][0], operands))
    previous = 0
    while place < len(code):
        tag, count = number(), number()
        assert previous < tag, "sections ascend"
        previous = tag
        for _ in range(count):
            match tag:
                case 1:
                    name()
                    program.enumerations.append([name() for _ in range(number())])
                case 2:
                    which = number()
                    program.bounds[which] = number(2)
                case 3:
                    found_name = name()
                    program.finds.append((found_name, number()))
                case _:
                    raise AssertionError(f"section {tag}")
    return program


def signed(word: int) -> int:
    return word - 2**256 if word > HIGHEST else word


def check(program: Program, values: dict) -> None:
    """Inputs are of their form, their length and their range, in the order of the table."""
    for place, (name, type_byte) in enumerate(program.inputs):
        if name not in values:
            continue
        given = values[name]
        if isinstance(given, list) != (type_byte >= LIST):
            raise Fault("inputForm", name)
        each = given if type_byte >= LIST else [given]
        if type_byte >= LIST and len(each) > program.bounds[place]:
            raise Fault("listTooLong", name, len(each), program.bounds[place])
        basic = type_byte % LIST
        largest = len(program.enumerations[basic - ENUMERATION]) - 1 if basic >= ENUMERATION else LARGEST.get(basic)
        for value in each:
            if largest is not None and not 0 <= value <= largest:
                raise Fault("inputOutOfRange", name, value)


def quotient(numerator: int, divisor: int, up: bool) -> int:
    return -(-numerator // divisor) if up else numerator // divisor


def fits(value: int, *operands) -> int:
    if not LOWEST <= value <= HIGHEST:
        raise Fault("overflow", *operands)
    return value


def compute(name: str, values: list[int]) -> int:
    """What an instruction leaves of the values that it takes."""
    base, _, rounding = name.partition(".")
    up = rounding == "ceiling"
    match base, values:
        case "add", [a, b]: result = a + b
        case "subtract", [a, b]: result = a - b
        case "multiply", [a, b]: result = a * b
        case "negate", [a]: result = -a
        case "min" | "max", [a, b]: result = (min if base == "min" else max)(a, b)
        case "delivery", [a]: result = a
        case "not", [a]: result = int(a == 0)
        case "equal", [a, b]: result = int(a == b)
        case "notEqual", [a, b]: result = int(a != b)
        case "less", [a, b]: result = int(a < b)
        case "lessOrEqual", [a, b]: result = int(a <= b)
        case "greater", [a, b]: result = int(a > b)
        case "greaterOrEqual", [a, b]: result = int(a >= b)
        case "mulDiv" | "amount" | "coins" | "remainder", _:
            match base:
                case "mulDiv": numerator, divisor = values[0] * values[1], values[2]
                case "remainder": numerator, divisor = values
                case "amount":
                    numerator = fits(values[0] * values[2], *values) * values[1]
                    divisor = values[3]
                case _:
                    numerator = fits(values[0] * values[3], *values) * values[1]
                    divisor = fits(values[2] * values[4], *values)
            if divisor == 0:
                raise Fault("divisionByZero", *values)
            floor = quotient(numerator, divisor, up)
            result = numerator - floor * divisor if base == "remainder" else floor
        case "clamp", [a, low, high]:
            if low > high:
                raise Fault("emptyInterval", low, high)
            result = min(max(a, low), high)
        case "fresh", [a, observed, as_of, age]:
            if not fits(as_of - age, *values) <= observed <= as_of:
                raise Fault("staleObservation", observed, as_of, age)
            result = a
    return fits(result, *values)


# How many values each of these takes.
TAKES = {"negate": 1, "not": 1, "delivery": 1, "clamp": 3, "mulDiv": 3, "amount": 4, "coins": 5, "fresh": 4}


def type_of(name: str, types: list[int]) -> int:
    """The type of what an instruction leaves."""
    match name.partition(".")[0]:
        case "add": return TIME if TIME in types else types[0]
        case "subtract": return DURATION if types == [TIME, TIME] else types[0]
        case "multiply": return next((each for each in types if each != INT), INT)
        case "mulDiv":
            left = [each for each in types[:2] if each != INT]
            if types[2] != INT:
                left.remove(types[2])
            return left[0] if left else INT
        case "amount" | "coins": return AMOUNT
        case "delivery": return DELIVERY
        case "remainder": return INT
        case "negate" | "min" | "max" | "clamp" | "fresh": return types[0]
        case _: return BOOL


@dataclass
class Result:
    decided: list[dict]  # of each route, or of the payoff: isOpen, payments, deliveries; payments are (to buyer, to seller)
    finds: dict[str, int]
    cost: int
    trace: bytes


def run(program: Program, values: dict) -> Result:
    """What the program says of these inputs: integers, and lists of them."""
    check(program, values)
    stack, slots, folds = [], {}, []
    decided, finds, steps = [], {}, []
    cost = place = 0

    def present(which: int):
        name = program.inputs[which][0]
        if name not in values:
            raise Fault("missingInput", name)
        return values[name]

    while place < len(program.code):
        index, (name, operands) = place, program.code[place]
        opcode = program.opcodes[index]
        place += 1
        cost += TABLE[opcode][2]
        shown = None
        match name:
            case "push": stack.append(operands[0])
            case "load": stack.append((present(operands[0]), program.inputs[operands[0]][1]))
            case "known": stack.append((int(program.inputs[operands[0]][0] in values), BOOL))
            case "get": stack.append(slots[operands[0]])
            case "keep": slots[operands[0]] = stack[-1]
            case "store": slots[operands[0]] = shown = stack.pop()
            case "count": stack.append((len(present(operands[0])), INT))
            case "item":
                which, items = stack.pop()[0], present(operands[0])
                if not 0 <= which < len(items):
                    raise Fault("noSuchItem", program.inputs[operands[0]][0], which, len(items))
                stack.append((items[which], program.inputs[operands[0]][1] - LIST))
            case "paired":
                lengths = [len(present(each)) for each in operands]
                if lengths[0] != lengths[1]:
                    raise Fault("unevenLists", *(program.inputs[each][0] for each in operands), *lengths)
            case "jump": place = operands[0]
            case "jumpUnless":
                if not stack.pop()[0]:
                    place = operands[0]
            case "fold" | "foldList":
                slot, end, rounds = operands
                rounds = rounds if name == "fold" else len(present(rounds))
                if rounds:
                    slots[slot], slots[slot + 1] = stack.pop(), (0, INT)
                    folds.append((slot, place, rounds))
                else:
                    place = end
            case "next":
                slot, body, rounds = folds[-1]
                shown = slots[slot] = stack.pop()
                done = slots[slot + 1][0] + 1
                slots[slot + 1] = (done, INT)
                if done < rounds:
                    place = body
                else:
                    folds.pop()
                    stack.append(shown)
            case "pay":
                shown, (whole, kind) = stack.pop(), stack.pop()
                part = shown[0]
                if whole < 0:
                    raise Fault("negativeEscrow", whole)
                for party, share in (("buyer", part), ("seller", whole - part)):
                    if share < 0:
                        raise Fault("negativePart", party, share)
                if kind == DELIVERY:
                    decided[-1]["deliveries"] = (part, whole - part)
                else:
                    decided.append({"isOpen": True, "payments": (part, whole - part), "deliveries": None})
            case "nothing" | "closed":
                decided.append({"isOpen": name == "nothing", "payments": None, "deliveries": None})
            case "find":
                shown = stack.pop()
                finds[program.finds[len(finds)][0]] = shown[0]
            case "given":
                if not stack.pop()[0]:
                    raise Fault("givenBroken")
            case _:
                taken = [stack.pop() for _ in range(TAKES.get(name.partition(".")[0], 2))][::-1]
                numbers, types = [each[0] for each in taken], [each[1] for each in taken]
                stack.append((compute(name, numbers), type_of(name, types)))
        if len(steps) < STEPS_MAX:
            step = index.to_bytes(2, "big") + bytes([opcode])
            value = (shown or stack[-1])[0] if TABLE[opcode][3] else None
            steps.append(step + (b"\0" if value is None else b"\1" + (value % 2**256).to_bytes(32, "big")))
    assert not stack and cost <= program.cost
    return Result(decided, finds, cost, b"TSTR\1" + len(steps).to_bytes(4, "big") + b"".join(steps))
