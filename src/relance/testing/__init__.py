"""What tests of relance and of its users need: a provider with scripted faults."""
