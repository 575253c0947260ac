"""How deep the parts of a formula are nested as Python's syntax tree has them, known before any part is read.

A long sum stands in that tree as deep as it has terms, its first term deepest of all. Whether it must be joined in
halves is a question of the sum and of what its terms hold; so the heights of all parts are counted first, each once.
"""

import ast


def heights_of(root: ast.expr) -> dict[int, int]:
    """Returns over how many levels each part reaches, itself included, by the `id` of its node.

    A leaf has height 1. The pairs of piecewise are no level, but each case stands one level below the one before it.
    """
    heights: dict[int, int] = {}
    for node in reversed(list(ast.walk(root))):  # what stands inside comes first
        inner = [heights[id(part)] for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        match node:
            case ast.Tuple():
                heights[id(node)] = max(inner, default=1)
            case ast.Call(func=ast.Name(id="piecewise"), args=[*cases, otherwise]):
                below = [heights[id(case)] + n for n, case in enumerate(cases)]
                heights[id(node)] = 1 + max(*below, heights[id(otherwise)], 0)
            case ast.expr():
                heights[id(node)] = 1 + max(inner, default=0)
            case _:
                pass
    return heights
