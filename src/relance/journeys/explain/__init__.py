"""Why somebody is where they are in a journey, or never came in: every decision with its evidence, as data and in sentences.

Owns no table. Reads what the engine wrote, and asks the warehouse how things stood at the very moment of each decision.

- `passages`: one passage, decision by decision
- `outcomes`: one message, and what it was decided by: consent, caps and what used them up, quiet hours, shares
- `starts`: why a start did not happen, and why nobody started
- `desk`: the answer for one person
- `words`: the sentences, in English and French
"""
