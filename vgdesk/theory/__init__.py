"""The analytic route: how signals and gradients propagate through wide random networks, from the spec alone."""
