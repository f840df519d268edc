"""Numbers of which it is known how often each is there."""

from bisect import bisect_right
from collections import Counter
from itertools import accumulate


def median(counted: Counter[int]) -> float:
    """The median of so many of each number, of which there are far fewer than of stories."""
    numbers = sorted(counted)
    ends = list(accumulate(counted[number] for number in numbers))
    low, high = (numbers[bisect_right(ends, place)] for place in ((ends[-1] - 1) // 2, ends[-1] // 2))
    return low if low == high else (low + high) / 2
