"""The training route: spec + seed -> parameters, data, and a generator that trains and records every gradient."""
