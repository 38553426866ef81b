"""Bytecode of the clause language, read and run from its written description alone."""

MAX = 2**255
OPERANDS = {0x01: "constant", 0x02: "input", 0x03: "input", 0x04: "slot", 0x05: "slot", 0x30: "distance", 0x31: "distance"}
PUSHING = {*range(0x01, 0x06), *range(0x10, 0x1B), *range(0x20, 0x27)}


def read(code: bytes) -> dict:
    """The parts of a program."""
    place = 0

    def take(count: int) -> bytes:
        nonlocal place
        place += count
        return code[place - count : place]

    def number(count: int) -> int:
        return int.from_bytes(take(count), "big")

    assert take(4) == b"TSCL" and number(1) == 1
    kind = number(1)
    inputs = [(number(1), number(1), take(number(1)).decode()) for _ in range(number(1))]
    routes = [take(number(1)).decode() for _ in range(number(1))]
    cost, length = number(4), number(2)
    assert place + length == len(code)
    start, instructions, at = place, [], {}
    while place < len(code):
        at[place - start] = len(instructions)
        opcode = number(1)
        operand = None
        match OPERANDS.get(opcode):
            case "constant":
                number(1)
                operand = number(number(1))
            case "input" | "slot":
                operand = number(1)
            case "distance":
                operand = number(2)
                operand += place - start
        instructions.append((opcode, operand))
    at[place - start] = len(instructions)
    code_of = [(opcode, at[operand] if OPERANDS.get(opcode) == "distance" else operand) for opcode, operand in instructions]
    return {"kind": kind, "inputs": inputs, "routes": routes, "cost": cost, "code": code_of}


def ratio(numerator: int, divisor: int, up: bool) -> int:
    assert divisor != 0, "division by zero"
    return -(-numerator // divisor) if up else numerator // divisor


def run(program: dict, values: dict[str, int]) -> tuple[list, bytes]:
    """What the program decides, and its trace: (is open, to buyer, to seller) for each route."""
    stack, slots, decided, steps, place = [], {}, [], [], 0
    while place < len(program["code"]):
        index, (opcode, operand) = place, program["code"][place]
        place += 1
        value = None
        match opcode:
            case 0x01: stack.append(operand)
            case 0x02: stack.append(values[program["inputs"][operand][2]])
            case 0x03: stack.append(int(program["inputs"][operand][2] in values))
            case 0x04: stack.append(slots[operand])
            case 0x05: slots[operand] = stack[-1]
            case 0x13: stack.append(-stack.pop())
            case 0x14 | 0x15:
                c, b, a = stack.pop(), stack.pop(), stack.pop()
                stack.append(ratio(a * b, c, opcode == 0x15))
            case 0x16 | 0x17:
                down, up, price, quantity = (stack.pop() for _ in range(4))
                assert -MAX <= quantity * up < MAX, "overflow"
                stack.append(ratio(quantity * up * price, down, opcode == 0x17))
            case 0x1A:
                high, low, a = stack.pop(), stack.pop(), stack.pop()
                assert low <= high, "empty interval"
                stack.append(min(max(a, low), high))
            case 0x26: stack.append(int(not stack.pop()))
            case 0x30: place = operand
            case 0x31: place = place if stack.pop() else operand
            case 0x40:
                part, whole = stack.pop(), stack.pop()
                assert 0 <= part <= whole, "a negative part"
                decided.append((True, part, whole - part))
                value = part
            case 0x41: decided.append((True, None, None))
            case 0x42: decided.append((False, None, None))
            case _:
                b, a = stack.pop(), stack.pop()
                stack.append(int({
                    0x10: lambda: a + b, 0x11: lambda: a - b, 0x12: lambda: a * b, 0x18: lambda: min(a, b),
                    0x19: lambda: max(a, b), 0x20: lambda: a == b, 0x21: lambda: a != b, 0x22: lambda: a < b,
                    0x23: lambda: a <= b, 0x24: lambda: a > b, 0x25: lambda: a >= b}[opcode]()))
        if opcode in PUSHING:
            value = stack[-1]
            assert -MAX <= value < MAX, "overflow"
        step = index.to_bytes(2, "big") + bytes([opcode])
        steps.append(step + (b"\0" if value is None else b"\1" + (value % 2**256).to_bytes(32, "big")))
    return decided, b"TSTR\1" + len(steps).to_bytes(4, "big") + b"".join(steps)
