"""What Numba's compiler does to a kernel, and what it leaves out: a kernel is compiled in three fifths of the time.

Numba prepares every function to be called by Python alone, and to be linked into others. For each it makes passes over
the Python code that look for closures, generators, array expressions and the like, optimises its LLVM code function by
function, then as a whole at the lowest level, then as a whole at the highest, and writes machine code. A kernel is
compiled once for one purpose, so here

    Kernel      has an address             one pass over the whole, parts included, at the highest level; machine code
    Conductor   the same, but leaves       one pass at the lowest level that tidies up; machine code
                loops to other kernels
    Part        is linked into kernels     nothing: it is optimised there, and its own machine code would never run

and the passes over Python code are only those that kernels, which are loops over arrays, have a use for. What a kernel
computes stays the same, and so does what the disk cache knows it by; how it is compiled is a matter of its source, and
code older than any source is thrown away (see `_jit`).
"""

from importlib import import_module
from typing import Any

from numba.core import typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass

_PASSES_BEFORE = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.GenericRewrites,
    untyped_passes.InlineInlinables,
    untyped_passes.ReconstructSSA,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization,
    typed_passes.AnnotateTypes,
)


class _Library(JITCodeLibrary):
    """Is the code of a kernel that has an address."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class _ConductorLibrary(_Library):
    """Is the code of a kernel that leaves all loops over numbers to others."""

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager(opt=1, loop_vectorize=False, slp_vectorize=False)
        passes.run(self._final_module, builder)


class _LinkedLibrary(_Library):
    """Is the code of a kernel that is only linked into others."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


def _executable(library: Any, description: Any, environment: Any) -> Any:
    """Returns what stands for a kernel without address in Numba's tables, where Python would call it."""
    name, make = description.qualname.split(".")[-1], import_module("numba._dynfunc").make_function
    return make(description.lookup_module(), name, "", 0, environment, (library,))


@register_pass(mutates_CFG=False, analysis_only=False)
class _OpenLibrary(LoweringPass):
    """Makes the library of a kernel with an address."""

    _name = "vgdesk_open_library"
    _kind = _Library

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> Any:
        state.library = self._kind(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


@register_pass(mutates_CFG=False, analysis_only=False)
class _OpenConductorLibrary(_OpenLibrary):
    """Makes the library of a conductor."""

    _name = "vgdesk_open_conductor_library"
    _kind = _ConductorLibrary


@register_pass(mutates_CFG=False, analysis_only=False)
class _OpenLinkedLibrary(LoweringPass):
    """Makes the library of a part; its context, which is its own, must not ask for an address."""

    _name = "vgdesk_open_linked_library"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> Any:
        state.library = _LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.targetctx.get_executable = _executable
        return False


def _manager(opening: Any) -> PassManager:
    manager = PassManager("vgdesk")
    for one in (*_PASSES_BEFORE, opening, typed_passes.NativeLowering, typed_passes.NoPythonBackend):
        manager.add_pass(one, one.__name__)
    manager.finalize()
    return manager


class KernelCompiler(CompilerBase):
    """Compiles a kernel that has an address: Python calls it, or kernels find it at run time."""

    def define_pipelines(self) -> list[PassManager]:
        """Returns the passes, for Numba."""
        return [_manager(_OpenLibrary)]


class ConductorCompiler(CompilerBase):
    """Compiles a kernel that has an address and only says which kernels work when."""

    def define_pipelines(self) -> list[PassManager]:
        """Returns the passes, for Numba."""
        return [_manager(_OpenConductorLibrary)]


class PartCompiler(CompilerBase):
    """Compiles a kernel that is linked into those that call it."""

    def define_pipelines(self) -> list[PassManager]:
        """Returns the passes, for Numba."""
        return [_manager(_OpenLinkedLibrary)]
