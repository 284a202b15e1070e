"""Ad audiences: people whom steps of journeys add to an audience of an ad network, or take out of it.

Owns `audience_members` and `audience_changes`, which the engine writes within its tick: the changes, in their order, are
what an ad network is to be told. Called by the command line, the management interface and the figures of journeys.
"""
