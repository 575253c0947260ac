"""How compiled code finds functions that were compiled on their own: through cells, filled when they are first needed.

A *cell* is a place in memory that holds a function's address, or 0 as long as nobody needed it. Compiled code knows a
cell by its symbol, so it stays true when it comes from the disk in another process. A call reads the cell; where that
is 0 it first asks Python, which compiles the function, or takes it from the disk, and writes its address there.

So every function is compiled once for all trainers, and those that a network does not use are not compiled at all.
"""

import _thread
import ctypes
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, update_wrapper
from typing import Any

from llvmlite import binding, ir
from numba.core import cgutils, types

from vgdesk.kernels._jit import compiled_alone, conductor_alone, generated, reduction_alone
from vgdesk.kernels.lent import LentType
from vgdesk.kernels.simd.shared import shared_function
from vgdesk.kernels.simd.subnormal import read_control, write_control

Finder = Callable[[], int]
"""Returns the address of a function, compiled by then."""

NUMBER_TYPES = (types.float32, types.float64)
_CELL = ir.IntType(64)
_ASK = "vgdesk_ask_python"
_PLAIN_MODE = 0x1F80
_finders: dict[int, Finder] = {}
_memory: list[Any] = []
_shared: list["Shared"] = []


def declare(symbol: str, finders: Sequence[Finder]) -> None:
    """Makes an array of cells that compiled code knows as `symbol`; each finder fills one."""
    cells = (ctypes.c_int64 * len(finders))()
    _memory.append(cells)
    for number, finder in enumerate(finders):
        _finders[ctypes.addressof(cells) + number * ctypes.sizeof(ctypes.c_int64)] = finder
    binding.add_symbol(symbol, ctypes.addressof(cells))


@ctypes.CFUNCTYPE(None, ctypes.c_int64)
def _fill(cell: int) -> None:
    """Fills a cell. The caller cannot go on without it, so an interrupt has to wait until that is done.

    Where the disk takes no more, the code is in memory all the same, and the second try finds it there.
    """
    interrupted = failed = False
    while not ctypes.c_int64.from_address(cell).value:
        try:
            ctypes.c_int64.from_address(cell).value = _finders[cell]()
        except KeyboardInterrupt:
            interrupted = True
        except OSError:
            if failed:
                raise
            failed = True
    if interrupted:
        _thread.interrupt_main()


binding.add_symbol(_ASK, ctypes.cast(_fill, ctypes.c_void_p).value)


def bound_function(builder: Any, symbol: str, kind: ir.FunctionType, number: Any = None) -> Any:
    """Writes code that finds a function: cell `number` (the first by default) of those declared as `symbol`."""
    cells: Any = builder.module.globals.get(symbol) or ir.GlobalVariable(builder.module, _CELL, symbol)
    cell = cells if number is None else builder.gep(cells, [number])
    found = shared_function(builder, "vgdesk_found", ir.FunctionType(_CELL, [cell.type]), _write_found)
    return builder.inttoptr(builder.call(found, [cell]), kind.as_pointer())


def _write_found(builder: Any, arguments: Sequence[Any]) -> ir.Value:
    cell = arguments[0]
    with builder.if_then(cgutils.is_null(builder, builder.load(cell)), likely=False):
        mode: Any = read_control(builder)
        write_control(builder, ir.Constant(mode.type, _PLAIN_MODE))
        kind = ir.FunctionType(ir.VoidType(), [_CELL])
        ask = cgutils.get_or_insert_function(builder.module, kind, _ASK)
        builder.call(ask, [builder.ptrtoint(cell, _CELL)])
        write_control(builder, mode)
    return builder.load(cell)


class Shared:
    """Is a kernel, or several to choose from by a code 0, 1, ..., compiled apart from the kernels that call it.

    Parameters
    ----------
    name
        What it is called in compiled code.
    functions
        The kernels by code, all with the same arguments.
    signature_of
        `signature_of(number_type, code)` returns the Numba signature for float32 and for float64.
    compiled_by
        Which function of `_jit` compiles them.
    """

    def __init__(
        self,
        name: str,
        functions: Sequence[Callable[..., Any]],
        signature_of: Callable[..., Any],
        compiled_by: Callable[..., Any] = compiled_alone,
    ) -> None:
        self._name, self._signature_of = f"vgdesk_{name}", signature_of
        if any(other._name == self._name for other in _shared):  # compiled code would call the wrong one
            raise ValueError(f"two shared kernels are called {name!r}")
        compiled = {function: compiled_by(function) for function in functions}
        self._compiled: list[Any] = [compiled[function] for function in functions]
        for number_type in NUMBER_TYPES:
            finders = [partial(self._find, number_type, code) for code in range(len(functions))]
            declare(self._symbol(number_type), finders)
        _shared.append(self)

    def compile(self, number_type: Any) -> None:
        """Compiles all of the kernels for a number format before they are called."""
        for code in range(len(self._compiled)):
            self._find(number_type, code)

    def call(self, context: Any, builder: Any, number_type: Any, values: Any, code: Any = None) -> ir.Value:
        """Writes a call in Numba's own calling convention and returns the result."""
        signature, convention = self._signature_of(number_type, 0), context.call_conv
        kind = convention.get_function_type(signature.return_type, signature.args)
        function = bound_function(builder, self._symbol(number_type), kind, code)
        result, error = (cgutils.alloca_once(builder, kind.args[place].pointee) for place in range(2))
        arguments = context.get_arg_packer(signature.args).as_arguments(builder, values)
        builder.call(function, [result, error, *arguments])
        return context.get_returned_value(builder, signature.return_type, builder.load(result))

    def caller(self, parameters: Callable[..., Any], has_code: bool) -> Any:
        """Returns what other kernels call: with the parameters, name and docstring of the function given."""

        def typing(typing_context: Any, *arguments: Any) -> Any:
            number_type = next(_number_types(arguments))
            signature = self._signature_of(number_type, 0)

            def generate(context: Any, builder: Any, _: Any, values: Any) -> ir.Value:
                return self.call(context, builder, number_type, values, values[0] if has_code else None)

            if has_code:
                signature = signature.return_type(types.int64, *signature.args[1:])
            return signature, generate

        first = inspect.Parameter("typing_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        named: Any = update_wrapper(typing, parameters)
        named.__signature__ = inspect.Signature([first, *inspect.signature(parameters).parameters.values()])
        return generated(named)

    def _symbol(self, number_type: Any) -> str:
        return f"{self._name}_{number_type}"

    def _find(self, number_type: Any, code: int) -> int:
        """Compiles one of the kernels, or takes it from the disk, and returns where its code lies."""
        result = self._compiled[code].get_compile_result(self._signature_of(number_type, code))
        return result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


def _number_types(kinds: Iterable[Any]) -> Iterator[Any]:
    """Yields the number types of all arrays of numbers, also of those in tuples."""
    for kind in kinds:
        if isinstance(kind, types.Array) and kind.dtype in NUMBER_TYPES:
            yield kind.dtype
        elif isinstance(kind, LentType):
            yield from _number_types(kind.kind.types)
        elif isinstance(kind, types.BaseTuple):
            inner: Any = kind
            yield from _number_types(inner.types)


def shared_kernel(signature_of: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Any]:
    """Compiles a kernel once for all that call it; `signature_of(number_type)` returns its Numba signature."""

    return _sharing(signature_of, compiled_alone)


def shared_conductor(signature_of: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Any]:
    """Does the same for a kernel whose loops over numbers are other kernels', written by vectors, or only copy.

    The highest level finds nothing to do there, and takes three times as long for it.
    """
    return _sharing(signature_of, conductor_alone)


def shared_reduction(signature_of: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Any]:
    """Does the same for a kernel whose sums may be taken in another order."""
    return _sharing(signature_of, reduction_alone)


def _sharing(signature_of: Callable[[Any], Any], compiled_by: Callable[..., Any]) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Any:
        shared = Shared(function.__name__, [function], lambda number, _: signature_of(number), compiled_by)
        return shared.caller(function, False)

    return decorate


def shared_choice(
    functions: Sequence[Callable[..., Any]], signature_of: Callable[[Any, int], Any]
) -> Callable[[Callable[..., Any]], Any]:
    """Makes a function without body call the one of `functions` that its first argument, an integer code, names.

    Every function takes that code, too, and has the signature `signature_of(number_type, code)`.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        return Shared(function.__name__, functions, signature_of).caller(function, True)

    return decorate


def compile_shared(precision: str) -> None:
    """Compiles everything that networks share, for "float32" or "float64", or takes it from the disk."""
    for shared in _shared:
        shared.compile(getattr(types, precision))
