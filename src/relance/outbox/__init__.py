"""The only way out: messages from the moment a step asks for them until a provider answered.

Owns the table `messages` together with the engine. Reads profiles, consent, suppressions. Called by the engine
(`handoff`: the checks) and by the runtime (`drain`: what goes to providers).
"""
