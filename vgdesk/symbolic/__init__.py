"""The symbolic route: SymPy derives closed-form chain-rule gradients of small networks."""
