"""Formulas for tests: a representative set, and strategies that make any."""

from hypothesis import strategies as st

from vgdesk.records.formula import (
    BigProduct,
    Bracket,
    Call,
    Cases,
    Formula,
    Fraction,
    Ink,
    Matrix,
    Negative,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
    Text,
    Under,
)

A, B, X, Z = Symbol("a"), Symbol("b"), Symbol("x"), Symbol("z")
LOSS, W1, AWARENESS = Symbol("L"), Symbol("w", "1"), Symbol("Awareness")
SLOPE = Call(Symbol("sigma", prime=1), (Symbol("z", superscript="l"),))
GRADIENT = Partial(LOSS, W1)

EXAMPLES: dict[str, Formula] = {
    "chain rule": Relation(
        (GRADIENT, Product((Ink("d1", Partial(LOSS, AWARENESS)), Ink("d2", Partial(AWARENESS, W1)))))
    ),
    "numbers": Relation((GRADIENT, Product((Ink("d1", Number(0.03)), Ink("d2", Number(-0.05))), "times"))),
    "special numbers": Relation(
        tuple(map(Number, (1.44e-14, -0.0, float("nan"), float("inf"), float("-inf")))), "approx"
    ),
    "product over layers": Product(
        (BigProduct(Symbol("l"), Number(2), LOSS, Product((Symbol("w", superscript="l"), SLOPE), "thin")), X)
    ),
    "backward rule": Relation(
        (
            Symbol("delta", superscript="l", bold=True),
            Product(
                (
                    Product(
                        (
                            Power(Symbol("W", superscript="l+1", bold=True), Symbol("top")),
                            Symbol("delta", superscript="l+1", bold=True),
                        ),
                        "thin",
                    ),
                    SLOPE,
                ),
                "hadamard",
            ),
        )
    ),
    "sigmoid": Relation(
        (Call(Symbol("sigma"), (Z,)), Fraction(Number(1), Sum((Number(1), Power(Symbol("e"), Negative(Z))))))
    ),
    "differences": Sum(
        (A, Negative(Sum((B, X))), Number(-2.5), Ink("d1", Number(-3)), Negative(Product((Number(-1), X))))
    ),
    "products": Product((Sum((A, B)), Negative(A), Number(-0.5), Fraction(A, B), Number(2), Number(3)), "thin"),
    "powers": Sum(
        (
            Power(Fraction(A, B), Number(2)),
            Power(Number(-2), Number(3)),
            Power(Symbol("h", prime=1), B),
            Power(Number(1e-9), B),
        )
    ),
    "brace": Relation((Under(Product((W1, SLOPE), "thin"), Number(0.21)), Number(0.00321)), "approx"),
    "cases": Relation(
        (Call(Symbol("relu", prime=1), (X,)), Cases(((Number(1), Text("x > 0")), (Number(0), Text("otherwise")))))
    ),
    "matrix": Relation(
        (
            Symbol("delta", bold=True),
            Product((Matrix(((A, Number(-2)), (SLOPE, Ink("d1", Sum((A, B)))))), Matrix(((X,), (Z,)))), "thin"),
        )
    ),
    "table": Matrix(((A, Text("x, y; z")), (Ink("d1", Number(0.5)), SLOPE)), fenced=False),
    "update": Relation((W1, Sum((W1, Negative(Product((Symbol("eta"), GRADIENT), "thin"))))), "arrow"),
    "fraction of fractions": Fraction(Product((A, B)), Product((X, Fraction(A, Z)))),
    "functions": Relation((Norm(Symbol("W", bold=True)), Bracket(X, square=True), Call(Symbol("tanh"), (X, Z)))),
    "indices": Sum(
        (Symbol("h", "k-1"), Symbol("delta", "Awareness"), Symbol("n", "in"), Symbol("dots"), Symbol("q", "i,j"))
    ),
    "nasty names": Relation(
        (Symbol('a"b\\c#d$e%f_g&h{i}'), Symbol("x-ray", "in", "l", prime=1), Symbol("1st"), Symbol("ŷ"))
    ),
}

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=12)
nasty_names = st.sampled_from(
    ['"', "\\", "#", "$", "%", "_", "&", "~", "^", "{", "}", "[", "]", "@", "//", "/*", "*/", "<a>", "#h(1pt)", "$x$",
     "\\input{x}", "\\end{align*}", '"#eval("1")', "frac", "sqrt", "partial", "mat", "cases", "if", "let", "none",
     "年齢", "naïve", "e\u0301", "🙂", "a b", "x1", "''", "`", "sin(", "∂", "ℒ", "-", "+", ",", "=", "k-"]
)  # fmt: skip


def arithmetic() -> st.SearchStrategy[Formula]:
    """Makes formulas of numbers only, which have a value."""
    numbers = st.sampled_from([1, 2, 3, 10, 0.5, -1, -2, -2.5, 1e-9, -4e-7]).map(Number)
    return st.recursive(numbers, _operations, max_leaves=10)


def formulas() -> st.SearchStrategy[Formula]:
    """Makes any formula, with any names."""
    any_name = names | nasty_names | st.sampled_from(["w", "sigma", "relu", "Awareness"])
    symbols = st.builds(
        Symbol, any_name, any_name | st.just(""), any_name | st.just(""), st.integers(0, 2), st.booleans()
    )
    leaves = symbols | st.builds(Number, st.floats()) | st.builds(Text, any_name)
    return st.recursive(leaves, lambda parts: _operations(parts) | _structures(parts), max_leaves=12)


def _operations(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(parts, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Negative, parts),
        st.builds(Sum, several),
        st.builds(Product, several, st.sampled_from(["dot", "times", "thin"])),
        st.builds(Fraction, parts, parts),
        st.builds(Power, parts, st.sampled_from([2, 3]).map(Number)),
        st.builds(Ink, st.sampled_from(["d1", "d2"]), parts),
    )


def _structures(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Product, several, st.just("hadamard")),
        st.builds(Power, parts, parts),
        st.builds(Call, parts, several),
        st.builds(Partial, parts, parts),
        st.builds(Norm, parts),
        st.builds(Bracket, parts, st.booleans()),
        st.builds(Under, parts, parts),
        st.builds(BigProduct, parts, parts, parts, parts),
        st.builds(Cases, st.lists(st.tuples(parts, parts), min_size=1, max_size=3).map(tuple)),
        st.builds(Matrix, st.integers(1, 3).flatmap(lambda width: _rows(parts, width)), st.booleans()),
        st.builds(Relation, several, st.sampled_from(["=", "approx", "arrow", ">", "<", ">=", "<="])),
    )


def _rows(parts: st.SearchStrategy[Formula], width: int) -> st.SearchStrategy[tuple[tuple[Formula, ...], ...]]:
    return st.lists(st.tuples(*[parts] * width), min_size=1, max_size=3).map(tuple)
