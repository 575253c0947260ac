"""Remedies: pure transformations of an experiment, each with an honest word about what it does to a gradient.

A remedy keeps the seed and the data, so that whatever differs afterwards is its effect.
"""
