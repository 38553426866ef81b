# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Reads everything in one call
@license Apache-2.0
@notice For tests: the walk reads the whole state after each step. A target without code answers nothing.
"""

CALLS_MAX: constant(uint256) = 256
ANSWER_MAX: constant(uint256) = 640


@external
@view
def readAll(
    targets: DynArray[address, CALLS_MAX], payloads: DynArray[Bytes[100], CALLS_MAX]
) -> DynArray[Bytes[ANSWER_MAX], CALLS_MAX]:
    answers: DynArray[Bytes[ANSWER_MAX], CALLS_MAX] = []
    for i: uint256 in range(len(targets), bound=CALLS_MAX):
        success: bool = False
        answer: Bytes[ANSWER_MAX] = b""
        success, answer = raw_call(
            targets[i],
            payloads[i],
            max_outsize=ANSWER_MAX,
            is_static_call=True,
            revert_on_failure=False,
        )
        assert success, "read: reverted"
        answers.append(answer)
    return answers
