"""How much is invented: some in the usual suite, the same each time; much in the long one."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

# What holds in every run: nothing is kept between runs, and no clock decides whether a test passes.
HOLDS = {
    "database": None,
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
SOME, MANY = 30, 3000


def pytest_configure(config: pytest.Config) -> None:
    """Choose how much; `tests/run.py --long` leaves nothing out."""
    settings.register_profile("some", max_examples=SOME, **HOLDS)
    settings.register_profile("many", max_examples=MANY, **HOLDS)
    settings.load_profile("some" if config.getoption("markexpr") == "not long" else "many")


@pytest.fixture(scope="session", autouse=True)
def kept_nowhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What Hypothesis would keep beside the code goes when the tests are over."""
    set_hypothesis_home_dir(tmp_path_factory.mktemp("hypothesis"))
