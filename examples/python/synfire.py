"""libsynfire from Python: ctypes and numpy, nothing to compile.

    net = synfire.Sim("data/mnist-240.h5")
    digits = synfire.Spikes("data/mnist-test.h5")
    run = net.run(*digits.sample(0))          # tick and axon arrays in, spikes out as numpy arrays
    run.tick, run.neuron, net.answer(), net.potentials()

The functions and their rules are those of synfire/sim.h and synfire/files.h. Arrays that come out are copies and stay.
"""
import collections
import ctypes
import ctypes.util
import os
from ctypes import POINTER, byref, c_char_p, c_int, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

import numpy as np

U32 = POINTER(c_uint32)
FIELDS = {"threshold": 0, "bias": 1, "profile": 2, "v": 3, "u": 4, "r": 5, "a": 6}
Events = collections.namedtuple("Events", "tick core neuron")


class Error(Exception):
    """What the library refused, in its own line of text."""


class _Spikes(ctypes.Structure):  # sf_spikes in synfire/files.h
    _fields_ = [("n", c_size_t), ("tick", U32), ("unit", U32), ("core", U32), ("n_samples", c_size_t),
                ("first", POINTER(c_size_t)), ("label", POINTER(c_int32)), ("ticks", c_uint32)]


def _find():
    """SYNFIRE_LIBRARY, then build/ above this file, then what the system's loader finds."""
    named = os.environ.get("SYNFIRE_LIBRARY")
    if named:
        return named
    for folder in Path(__file__).resolve().parents:
        for place in ("build", "lib"):  # the source tree; PREFIX/share/synfire/examples/python -> PREFIX/lib
            if (folder / place / "libsynfire.so").exists():
                return str(folder / place / "libsynfire.so")
    return ctypes.util.find_library("synfire") or "libsynfire.so.0"


def _load():
    try:
        lib = ctypes.CDLL(_find())
    except OSError as e:
        raise Error(f"libsynfire.so not found: `make all`, `make install`, or set SYNFIRE_LIBRARY ({e})") from None
    shapes = {  # name: (result, arguments)
        "sf_version": (c_char_p, [U32]),
        "sf_sim_open": (c_int, [c_char_p, POINTER(c_void_p), c_char_p]),
        "sf_sim_close": (None, [c_void_p]),
        "sf_sim_cores": (c_uint32, [c_void_p]),
        "sf_sim_axons": (c_uint32, [c_void_p, c_uint32]),
        "sf_sim_neurons": (c_uint32, [c_void_p, c_uint32]),
        "sf_sim_delay_slots": (c_uint32, [c_void_p, c_uint32]),
        "sf_sim_ticks": (c_uint32, [c_void_p]),
        "sf_sim_classes": (c_uint32, [c_void_p]),
        "sf_sim_reset": (None, [c_void_p]),
        "sf_sim_inject": (c_int, [c_void_p, c_size_t, U32, U32, U32, c_char_p]),
        "sf_sim_step": (c_int, [c_void_p, c_uint32, c_char_p]),
        "sf_sim_run": (c_int, [c_void_p, c_uint32, c_size_t, U32, U32, U32, c_char_p]),
        "sf_sim_spikes": (c_size_t, [c_void_p, POINTER(U32), POINTER(U32), POINTER(U32)]),
        "sf_sim_outputs": (c_size_t, [c_void_p, POINTER(U32), POINTER(U32), POINTER(U32)]),
        "sf_sim_forget": (None, [c_void_p]),
        "sf_sim_read": (c_int, [c_void_p, c_uint32, c_uint32, POINTER(c_int32), c_char_p]),
        "sf_sim_answer": (c_int32, [c_void_p]),
        "sf_sim_scores": (None, [c_void_p, POINTER(c_int64)]),
        "sf_sim_synaptic_ops": (c_uint64, [c_void_p]),
        "sf_sim_hardware": (c_int, [c_void_p, c_uint32, c_uint32, c_uint32, c_char_p]),
        "sf_sim_cycles": (c_uint64, [c_void_p, c_uint32]),
        "sf_spikes_read": (c_int, [c_char_p, POINTER(_Spikes), c_char_p]),
        "sf_spikes_free": (None, [POINTER(_Spikes)]),
    }
    for name, (result, arguments) in shapes.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


_lib = _load()


def version():
    return _lib.sf_version(None).decode()


def _check(function, *arguments):
    msg = ctypes.create_string_buffer(512)  # sf_msg
    if function(*arguments, msg):
        raise Error(msg.value.decode(errors="replace"))


def _array(values):
    """An array as the library wants it, and the pointer to it; None stays None. Refuses what 32 bits do not hold."""
    if values is None:
        return None, None
    wide = np.asarray(values)
    if wide.ndim != 1 or (wide.size and (wide.dtype.kind not in "iu" or wide.min() < 0 or wide.max() > 0xFFFFFFFF)):
        raise Error("must be one row of integers, 0 .. 4294967295")
    a = np.ascontiguousarray(wide, dtype=np.uint32)
    return a, a.ctypes.data_as(U32)


def _copy(pointer, n):
    return np.ctypeslib.as_array(pointer, (n,)).copy() if n else np.zeros(0, np.uint32)


class Sim:
    """A network file, ready to run."""

    def __init__(self, path):
        self._at = c_void_p()
        _check(_lib.sf_sim_open, os.fsencode(path), byref(self._at))
        self.cores = _lib.sf_sim_cores(self._at)
        self.axons = [_lib.sf_sim_axons(self._at, c) for c in range(self.cores)]
        self.neurons = [_lib.sf_sim_neurons(self._at, c) for c in range(self.cores)]
        self.delay_slots = [_lib.sf_sim_delay_slots(self._at, c) for c in range(self.cores)]
        self.ticks = _lib.sf_sim_ticks(self._at)  # of a sample; 0 without readout
        self.classes = _lib.sf_sim_classes(self._at)

    def __del__(self):
        if getattr(self, "_at", None):
            _lib.sf_sim_close(self._at)
            self._at = None

    def run(self, tick, axon, core=None, ticks=None):
        """One sample from the initial state; the spikes of all neurons."""
        arrays = [_array(a) for a in (tick, axon, core)]
        n = len(arrays[0][0])
        if any(a is not None and len(a) != n for a, _ in arrays):
            raise Error("tick, axon and core must be of one length")
        ticks = self.ticks if ticks is None else ticks
        _check(_lib.sf_sim_run, self._at, ticks, n, *(p for _, p in arrays))
        return self.spikes()

    def reset(self):
        _lib.sf_sim_reset(self._at)

    def inject(self, axon, core=None, delay=None):
        """Events of the coming tick, or `delay` ticks after it."""
        arrays = [_array(a) for a in (axon, core, delay)]
        n = len(arrays[0][0])
        if any(a is not None and len(a) != n for a, _ in arrays):
            raise Error("axon, core and delay must be of one length")
        _check(_lib.sf_sim_inject, self._at, n, *(p for _, p in arrays))

    def step(self, ticks=1):
        _check(_lib.sf_sim_step, self._at, ticks)

    def _events(self, function):
        pointers = [U32(), U32(), U32()]
        n = function(self._at, *(byref(p) for p in pointers))
        return Events(*(_copy(p, n) for p in pointers))

    def spikes(self):
        return self._events(_lib.sf_sim_spikes)

    def outputs(self):
        return self._events(_lib.sf_sim_outputs)

    def forget(self):
        _lib.sf_sim_forget(self._at)

    def read(self, field, core=0):
        """One word of every neuron of a core: threshold, bias, profile, v, u, r or a."""
        out = np.zeros(self.neurons[core] if 0 <= core < self.cores else 0, np.int32)
        _check(_lib.sf_sim_read, self._at, core, FIELDS[field], out.ctypes.data_as(POINTER(c_int32)))
        return out

    def potentials(self, core=0):
        return self.read("v", core)

    def answer(self):
        return _lib.sf_sim_answer(self._at)

    def scores(self):
        """Of every class, what the answer is the largest of: potential, spikes, or minus the tick of the first spike."""
        out = np.zeros(self.classes, np.int64)
        _lib.sf_sim_scores(self._at, out.ctypes.data_as(POINTER(c_int64)))
        return out

    def synaptic_ops(self):
        return _lib.sf_sim_synaptic_ops(self._at)

    def hardware(self, core=0, lanes=0, neuron_lanes=0):
        """From now on, predict clock cycles of a core with these lanes (0: 16 and 2)."""
        _check(_lib.sf_sim_hardware, self._at, core, lanes, neuron_lanes)

    def cycles(self, core=0):
        return _lib.sf_sim_cycles(self._at, core)


class Spikes:
    """A spikes file as numpy arrays: tick, unit, core, first (where each sample begins), label or None."""

    def __init__(self, path):
        s = _Spikes()
        _check(_lib.sf_spikes_read, os.fsencode(path), byref(s))
        self.tick, self.unit = _copy(s.tick, s.n), _copy(s.unit, s.n)
        self.core = _copy(s.core, s.n) if s.core else np.zeros(s.n, np.uint32)
        self.first = np.ctypeslib.as_array(s.first, (s.n_samples + 1,)).copy()
        self.label = np.ctypeslib.as_array(s.label, (s.n_samples,)).copy() if s.label else None
        self.ticks, self.samples = s.ticks, s.n_samples
        _lib.sf_spikes_free(byref(s))

    def sample(self, i):
        """tick, axon and core of sample i, as Sim.run() takes them."""
        at = slice(self.first[i], self.first[i + 1])
        return self.tick[at], self.unit[at], self.core[at]
