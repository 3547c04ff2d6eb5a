# What `radsim.analysis` gives, and from where: see radsim/__init__.pyi.
from .advice import Estimate as Estimate
from .advice import Recommendation as Recommendation
from .advice import advise as advise
from .attack import Attack as Attack
from .attack import attack as attack
from .bench import Bench as Bench
from .bench import bench as bench
from .comparisons import comparisons as comparisons
from .comparisons import least_slack as least_slack
from .comparisons import side_by_side as side_by_side
from .sensitivity import guarantee_in_error as guarantee_in_error
from .sensitivity import guarantee_in_mistakes as guarantee_in_mistakes
from .sensitivity import price_of_not_knowing as price_of_not_knowing
from .sensitivity import value_in_budget as value_in_budget
from .timings import timings as timings
from .trade_offs import insurance as insurance
from .trade_offs import trade_off as trade_off
from .worst_group import worst_group as worst_group

__all__: list[str]
