"""libsynfire from Python: ctypes and numpy, nothing to compile.

    net = synfire.Sim("data/mnist-240.h5")
    digits = synfire.Spikes("data/mnist-test.h5")
    run = net.run(*digits.sample(0))          # tick and axon arrays in, spikes out as numpy arrays
    run.tick, run.neuron, net.answer(), net.potentials()

The functions and their rules are those of synfire/sim.h and synfire/files.h. Arrays that come out are copies and stay.
A Sim is released with close(), at the end of a `with` block, or when nothing refers to it any more.
"""
import collections
import ctypes
import ctypes.util
import operator
import os
import threading
import warnings
import weakref
from ctypes import POINTER, byref, c_char_p, c_int, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

import numpy as np

U32 = POINTER(c_uint32)
MAX_TICKS = 2**31 - 1  # of a sample or a step, as everywhere
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
        "sf_sim_note": (c_char_p, [c_void_p]),
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
        "sf_sim_length": (c_uint32, [c_void_p, c_uint32, c_size_t, U32]),
        "sf_sim_under_way": (c_uint64, [c_void_p]),
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


def _path(path):
    name = os.fsencode(path)
    if b"\0" in name:
        raise Error(f"{name!r}: a file name has no zero byte")
    return name


def _number(name, value, low, high):
    """An integer in low .. high: ctypes would take it modulo 2^32."""
    try:
        number = operator.index(value)
    except TypeError:
        raise Error(f"{name} = {value!r}: must be an integer") from None
    if not low <= number <= high:
        raise Error(f"{name} = {number}: must be {low} .. {high}")
    return number


def _row(name, values):
    """Values as 32-bit numbers: a row, or one number for a whole row (no dimension)."""
    try:
        wide = np.asarray(values)
    except ValueError:  # rows of several lengths
        wide = np.zeros((1, 1))
    known = wide.dtype == np.uint32 or not wide.size
    if wide.ndim > 1 or not (known or wide.dtype.kind in "iu" and wide.min() >= 0 and wide.max() <= 0xFFFFFFFF):
        raise Error(f"{name}: must be one row of integers, or one integer, 0 .. 4294967295")
    return np.ascontiguousarray(wide, np.uint32) if wide.ndim else wide.astype(np.uint32)


def _rows(**named):
    """The rows as arrays of one length, single numbers repeated, None left alone; their length; and pointers to them."""
    rows = {name: None if values is None else _row(name, values) for name, values in named.items()}
    sizes = {len(row) for row in rows.values() if row is not None and row.ndim}
    if len(sizes) > 1:
        raise Error(f"{', '.join(named)}: must be of one length")
    n = sizes.pop() if sizes else 1
    arrays = [row if row is None or row.ndim else np.full(n, row) for row in rows.values()]
    return arrays, n, [None if a is None else a.ctypes.data_as(U32) for a in arrays]


def _copy(pointer, n):
    return np.ctypeslib.as_array(pointer, (n,)).copy() if n else np.zeros(0, np.uint32)


_files = threading.RLock()  # reading files is not for two threads at once


class Sim:
    """A network file, ready to run."""

    def __init__(self, path):
        at = c_void_p()
        with _files:
            _check(_lib.sf_sim_open, _path(path), byref(at))
        self._lock = threading.RLock()  # nor is one handle
        self._at = at
        self._close = weakref.finalize(self, _lib.sf_sim_close, at)
        self.cores = self._call("sf_sim_cores")
        self.axons = [self._call("sf_sim_axons", c) for c in range(self.cores)]
        self.neurons = [self._call("sf_sim_neurons", c) for c in range(self.cores)]
        self.delay_slots = [self._call("sf_sim_delay_slots", c) for c in range(self.cores)]
        self.ticks = self._call("sf_sim_ticks")  # of a sample; 0 without readout
        self.classes = self._call("sf_sim_classes")
        note = self._call("sf_sim_note")
        if note:
            warnings.warn(note.decode(errors="replace"), stacklevel=2)

    def close(self):
        """Releases the network; every later call but this one is an Error."""
        with self._lock:
            self._close()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.close()

    def __reduce__(self):  # copy.copy() and pickle come here, too: two of them would release one handle twice
        raise Error("a Sim cannot be copied: open the file again")

    def _call(self, name, *arguments):
        """A function of the library on this handle, which is open; where it can fail, the failure as an Error."""
        with self._lock:
            if not self._close.alive:
                raise Error("this Sim is closed")
            function = getattr(_lib, name)
            if function.argtypes[-1] is c_char_p:  # an sf_msg: it can fail
                return _check(function, self._at, *arguments)
            return function(self._at, *arguments)

    def _core(self, core):
        return _number("core", core, 0, self.cores - 1)

    def run(self, tick, axon, core=None, ticks=None):
        """One sample from the initial state; the spikes of all neurons. Without `ticks` it is as long as the readout says,
        and without readout goes on for DELAY_SLOTS ticks after the last event."""
        arrays, n, pointers = _rows(tick=tick, axon=axon, core=core)
        ticks = 0 if ticks is None else _number("ticks", ticks, 1, MAX_TICKS)
        with self._lock:
            self._call("sf_sim_run", ticks, n, *pointers)
            return self.spikes()

    def length(self, spikes):
        """The ticks of a sample of a spikes file, as `synfire run` has them: run(*spikes.sample(i), ticks=length(spikes))."""
        arrays, n, (tick,) = _rows(tick=spikes.tick)
        return self._call("sf_sim_length", spikes.ticks, n, tick)

    def reset(self):
        self._call("sf_sim_reset")

    def inject(self, axon, core=None, delay=None):
        """Events of the coming tick, or `delay` ticks after it. One number stands for a whole row."""
        arrays, n, pointers = _rows(axon=axon, core=core, delay=delay)
        self._call("sf_sim_inject", n, *pointers)

    def step(self, ticks=1):
        self._call("sf_sim_step", _number("ticks", ticks, 0, MAX_TICKS))

    def _events(self, name):
        pointers = [U32(), U32(), U32()]
        with self._lock:
            n = self._call(name, *(byref(p) for p in pointers))
            return Events(*(_copy(p, n) for p in pointers))

    def spikes(self):
        return self._events("sf_sim_spikes")

    def outputs(self):
        return self._events("sf_sim_outputs")

    def under_way(self):
        """Events that are still to come: spikes and injected events whose delay is not over."""
        return self._call("sf_sim_under_way")

    def forget(self):
        self._call("sf_sim_forget")

    def read(self, field, core=0):
        """One word of every neuron of a core: threshold, bias, profile, v, u, r or a."""
        if field not in FIELDS:
            raise Error(f"field = {field!r}: must be one of {', '.join(FIELDS)}")
        core = self._core(core)
        out = np.zeros(self.neurons[core], np.int32)
        self._call("sf_sim_read", core, FIELDS[field], out.ctypes.data_as(POINTER(c_int32)))
        return out

    def potentials(self, core=0):
        return self.read("v", core)

    def answer(self):
        return self._call("sf_sim_answer")

    def scores(self):
        """Of every class, what the answer is the largest of: potential, spikes, or minus the tick of the first spike."""
        out = np.zeros(self.classes, np.int64)
        self._call("sf_sim_scores", out.ctypes.data_as(POINTER(c_int64)))
        return out

    def synaptic_ops(self):
        return self._call("sf_sim_synaptic_ops")

    def hardware(self, core=0, lanes=0, neuron_lanes=0):
        """From now on, predict clock cycles of a core with these lanes (0: 16 and 2)."""
        lanes, neuron_lanes = _number("lanes", lanes, 0, 8192), _number("neuron_lanes", neuron_lanes, 0, 8192)
        self._call("sf_sim_hardware", self._core(core), lanes, neuron_lanes)

    def cycles(self, core=0):
        return self._call("sf_sim_cycles", self._core(core))


class Spikes:
    """A spikes file as numpy arrays: tick, unit, core, first (where each sample begins), label or None."""

    def __init__(self, path):
        s = _Spikes()
        with _files:
            _check(_lib.sf_spikes_read, _path(path), byref(s))
        self.tick, self.unit = _copy(s.tick, s.n), _copy(s.unit, s.n)
        self.core = _copy(s.core, s.n) if s.core else np.zeros(s.n, np.uint32)
        self.first = np.ctypeslib.as_array(s.first, (s.n_samples + 1,)).copy()
        self.label = np.ctypeslib.as_array(s.label, (s.n_samples,)).copy() if s.label else None
        self.ticks, self.samples = s.ticks, s.n_samples
        _lib.sf_spikes_free(byref(s))

    def sample(self, i):
        """tick, axon and core of sample i, as Sim.run() takes them."""
        i = _number("sample", i, 0, self.samples - 1)
        at = slice(self.first[i], self.first[i + 1])
        return self.tick[at], self.unit[at], self.core[at]
