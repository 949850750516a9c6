// vshim.cpp - the Verilated core behind three C functions. The only C++ of the project; built once per parameter set by
// rtl_build.c, together with what Verilator made of rtl/synfire_core.v, into one shared object.
//
//   void *sf_rtl_new(uint32_t random_seed)    power up with every register and memory random
//   void sf_rtl_step(void *, in, out)         one rising edge; wide probes are pointers into the Verilated core
//   bool sf_rtl_step_equal(void *, in, want)  the same, and is every port and valid probe what `want` says? Comparing
//                                             here, in registers, is most of what makes lockstep cheap
//   void sf_rtl_show(void *, out)             the outputs after the last step
//   const char *sf_rtl_message(void *)        what stopped this core ($stop of an SF_CHECK rule), or NULL
//   void sf_rtl_free(void *)
//
// A port is CData, SData, IData, QData or VlWide depending on its width; the overloads below hide which.
#include <cstdio>
#include <cstring>
#include <memory>

#include "Vsynfire.h"
#include "synfire/ports.h"
#include "verilated.h"

#define SF_PUBLIC extern "C" __attribute__((visibility("default")))

namespace {

template <class Port> inline const uint32_t *words(const Port &port, uint32_t *room) {
  room[0] = static_cast<uint32_t>(port);
  if (sizeof(Port) > 4) room[1] = static_cast<uint32_t>(static_cast<uint64_t>(port) >> 32);
  return room;
}
template <std::size_t N> inline const uint32_t *words(const VlWide<N> &port, uint32_t *) { return port.data(); }

template <class Port> inline uint32_t unequal(const Port &port, const uint32_t *want) {
  uint32_t room[2] = {0, 0};
  words(port, room);
  return (room[0] ^ want[0]) | (sizeof(Port) > 4 ? room[1] ^ want[1] : 0);
}
template <std::size_t N> inline uint32_t unequal(const VlWide<N> &port, const uint32_t *want) {
  uint32_t differ = 0;
  if (N > 32) return std::memcmp(port.data(), want, N * sizeof(uint32_t)) != 0;
  for (std::size_t i = 0; i < N; i++) differ |= port.data()[i] ^ want[i];
  return differ;
}

struct Rtl : VerilatedContext {
  std::unique_ptr<Vsynfire> top;
  char stopped[256] = "";  // what stopped this core, or ""
#define SF_ROOM(name, ...) uint32_t name[2];
  struct { SF_CORE_WIDE(SF_ROOM) } room;
};

// Verilator's handlers are told file and line of a $stop, but not whose it was, and any number of cores of one object may run
// in a program, in threads or in turns: each is made the thread's own before it moves.
inline void enter(Rtl *rtl) { Verilated::threadContextp(rtl); }

inline void evaluate(Rtl *rtl) {
  enter(rtl);
  rtl->top->eval();
}

// Verilator's own handlers would end the whole program. A core's first word is the one that counts.
void stop(const char *file, int line, const char *why) {
  Rtl *rtl = static_cast<Rtl *>(Verilated::threadContextp());
  if (!rtl->stopped[0]) std::snprintf(rtl->stopped, sizeof rtl->stopped, "%s:%d: %s", file, line, why);
}

// A field that is not valid is 0 on both sides; a mask instead of a branch.
inline uint32_t masked(uint32_t value, uint32_t valid) { return value & -static_cast<uint32_t>(valid != 0); }

}  // namespace

void vl_stop(const char *file, int line, const char *) { stop(file, line, "$stop"); }
void vl_finish(const char *file, int line, const char *) { stop(file, line, "$finish"); }
void vl_fatal(const char *file, int line, const char *, const char *text) { stop(file, line, text); }

SF_PUBLIC void *sf_rtl_new(uint32_t random_seed) {
  Rtl *rtl = new Rtl();
  enter(rtl);
  rtl->randReset(2);
  rtl->randSeed(static_cast<int>(random_seed ? random_seed : 1));  // 0 would ask for the time of day
  rtl->top.reset(new Vsynfire(rtl));
  rtl->top->clk_i = 0;
  evaluate(rtl);
  return rtl;
}

SF_PUBLIC void sf_rtl_free(void *handle) {
  Rtl *rtl = static_cast<Rtl *>(handle);
  if (!rtl) return;
  // Verilator's scopes unregister from the calling thread's context, which another core may have set and freed.
  enter(rtl);
  rtl->top->final();
  delete rtl;
  Verilated::threadContextp(nullptr);
}

SF_PUBLIC const char *sf_rtl_message(void *handle) {
  const Rtl *rtl = static_cast<Rtl *>(handle);
  return rtl->stopped[0] ? rtl->stopped : nullptr;
}

#define SF_SET(name, ...) t.name##_i = in->name;
#define SF_GET(name, width, valid) out->port.name = masked(t.name##_o, t.valid##_o);
#define SF_GET_WIDE(name, ...) out->wide.name = words(t.name##_o, rtl->room.name);
#define SF_DIFFER(name, width, valid) differ |= masked(t.name##_o, t.valid##_o) ^ want->port.name;
#define SF_DIFFER_WIDE(name, count, bits, valid) \
  if (valid) differ |= unequal(t.name##_o, want->wide.name);

SF_PUBLIC void sf_rtl_show(void *handle, sf_core_out *out) {
  Rtl *rtl = static_cast<Rtl *>(handle);
  const Vsynfire &t = *rtl->top;
  SF_CORE_OUT(SF_GET)
  SF_CORE_WIDE(SF_GET_WIDE)
}

// All state moves on the rising edge: the falling one only arms the next.
SF_PUBLIC void sf_rtl_step(void *handle, const sf_core_in *in, sf_core_out *out) {
  Rtl *rtl = static_cast<Rtl *>(handle);
  Vsynfire &t = *rtl->top;
  SF_CORE_IN(SF_SET)
  t.clk_i = 1;
  evaluate(rtl);
  SF_CORE_OUT(SF_GET)
  SF_CORE_WIDE(SF_GET_WIDE)
  t.clk_i = 0;
  evaluate(rtl);
}

SF_PUBLIC bool sf_rtl_step_equal(void *handle, const sf_core_in *in, const sf_core_out *want) {
  Rtl *rtl = static_cast<Rtl *>(handle);
  Vsynfire &t = *rtl->top;
  SF_CORE_IN(SF_SET)
  t.clk_i = 1;
  evaluate(rtl);
  uint32_t differ = 0;
  SF_CORE_OUT(SF_DIFFER)
  // The flags that `valid` of a wide probe can name.
  const bool always = true, probe_weight_valid = t.probe_weight_valid_o, probe_update_valid = t.probe_update_valid_o;
  SF_CORE_WIDE(SF_DIFFER_WIDE)
  t.clk_i = 0;
  evaluate(rtl);
  return differ == 0;
}
