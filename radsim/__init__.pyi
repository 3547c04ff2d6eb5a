# What `radsim` gives, and from where: read by type checkers, and at run time by lazy_loader.
# The groups and their order are those of GROUPS, so no tool sorts them:
# isort: off

# Play
from .game import Game as Game
from .constrained import ConstrainedGame as ConstrainedGame
from .solvers.water.stored import StoredGame as StoredGame
from .constrained import constrain as constrain, contaminate as contaminate
from .payoffs import payoff as payoff, worst_case as worst_case, best_response as best_response
from .hindsight import regret as regret, competitive_ratio as competitive_ratio
from .game import mistakes_from_rate as mistakes_from_rate

# Solve
from .solvers import SOLVERS as SOLVERS, solve as solve
from .solvers.water.batches import solve_many as solve_many
from .solution import Solution as Solution, SolveError as SolveError
from .solution import UncertifiedError as UncertifiedError
from .solution import Certificate as Certificate, certify as certify
from .enclosure import enclose as enclose
from .solvers.answers import check_answer as check_answer
from .solvers.water.levels import water_level as water_level

# Sample
from .sampling import DESIGNS as DESIGNS, sample as sample, sample_counts as sample_counts
from .sampling import joint_inclusion as joint_inclusion
from .sampling.audit import audit as audit

# Teachers and selectors
from .teachers import TEACHERS as TEACHERS
from .selectors import SELECTORS as SELECTORS, Selector as Selector
from .selectors import select as select, scorecard as scorecard
from .inference import mistakes_upper_bound as mistakes_upper_bound
from .data.validation import (
    error_profile as error_profile,
    limits_from_confidence as limits_from_confidence,
)

# Check
from .claims import CLAIMS as CLAIMS, Claim as Claim, Comparison as Comparison
from .claims import Verdict as Verdict, check as check
from .conjecture import falsify as falsify
from .data.instances import Instance as Instance, draw_instance as draw_instance

# Run
from .runs.sweeps import sweep as sweep

# Rooms, and the modules that stand alone
from . import adapters as adapters, analysis as analysis, claims as claims, cli as cli
from . import conjecture as conjecture, extensions as extensions
from . import data as data, distillation as distillation, pages as pages, plots as plots
from . import runs as runs, sampling as sampling, selectors as selectors, solvers as solvers
from . import teachers as teachers, testing as testing
from . import bounds as bounds, feasible as feasible, proof as proof, restriction as restriction
from . import constrained as constrained, door as door, enclosure as enclosure, game as game
from . import greedy as greedy, hindsight as hindsight, inference as inference
from . import intervals as intervals, mixtures as mixtures, payoffs as payoffs
from . import addresses as addresses, documents as documents, reading as reading
from . import cores as cores, hypergeometric as hypergeometric
from . import notation as notation, tallies as tallies
from . import extras as extras, showing as showing, simplex as simplex
from . import solution as solution, writing as writing

__version__: str
__all__: list[str]
GROUPS: dict[str, tuple[str, ...]]
