"""The exact plan: whom to send where, in three stages compared strictly one after the other.

1. Least weighted shortage: the sum of ``shortage_weight`` over empty slots. Ties: fewest mutual-aid teams, so
   that aid fills only what the county's own teams cannot; then least scarce capability spent; then least
   weighted arrival. Which slots are filled, and how many aid teams go, is fixed from here on.
2. For each priority class from the highest: least worst arrival over its filled full-complement slots.
3. Least scarce capability spent, then least weighted arrival, within the arrivals of stage 2.

Scarce capability is *spent* when a team that has it fills a slot that does not ask for it at that level
(``DispatchProblem.scarce``). It is weighed after shortage in stage 1 and after the worst arrivals in stage
3, so no slot stays empty and no class waits longer for the sake of a spare team; and of two slots that
count alike, the one that asks for the scarce capability gets it. Without ``scarce`` and without mutual aid
the stages are: shortage, arrival; worst arrivals; arrival.

Slots that no team links, directly or through others, are separate questions and are answered apart: an
incident never changes because another one comes up with its own teams. Shortage, and the worst arrival of
the highest class, are the same as if all were answered together; the later stages are kept by each part
within its own limits.

Each stage is a flow problem (Ahuja, Magnanti and Orlin 1993, Network Flows, ISBN 978-0136175490):
least-cost flow in stages 1 and 3, thresholds with augmenting paths in stage 2. All
numbers are whole (deciseconds), so the plan is exact; of equal plans the flow solver's fixed order picks one,
the same each time.
"""

from optimizer.dispatch.choices import choices_of
from optimizer.dispatch.plan import DispatchPlan, plan_of
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.stages import solved


def assign(problem: DispatchProblem) -> DispatchPlan:
    """The exact plan of a problem.

    Raises
    ------
    TooLargeError
        Weights so large that plans cannot be compared exactly in 64 bits.
    """
    choices = choices_of(problem)
    return plan_of(problem, choices, solved(choices).used)
