/* script.c - what Yosys is told: parameters, target, and the numbers that are wanted back. */
#include <string.h>

#include "synth/parts.h"
#include "util/text.h"

const sf_synth_core_part sf_synth_core_parts[SF_SYNTH_PARTS - 1] = {
    {"axons", "c:*u_core.u_ring.* c:*u_core.u_stream.* %u"},
    {"synapses", "c:*u_core.u_synapses.*"},
    {"neurons", "c:*u_core.u_neurons.*"},
    {"router", "c:*u_core.u_router.*"},
    {"control", "c:*u_core.u_control.*"},
    {"host", "c:*u_core.u_host.*"}};

sf_err sf_synth_script(const sf_synth_job *job, const char *const *sources, char *script, size_t size, sf_msg *msg) {
  const sf_synth_target *t = job->target;
  const sf_params *p = &job->config.params;
  const char *family = sf_synth_family(t), *top = job->board ? t->board : "bare_core";
  sf_text s = {0};
  sf_text_add(&s, "read_verilog -defer");
  for (; *sources; sources++) sf_text_add(&s, " %s", *sources);
#define SET(kind, name, rtl, field, standard, lo, hi) sf_text_add(&s, " -set %s %u", #rtl, (unsigned)p->field);
  sf_text_add(&s, "\nchparam");
  SF_PARAMS(SET)
  sf_text_add(&s, " %s\n", job->board ? "board_system" : "bare_core");
  if (job->board) sf_text_add(&s, "chparam -set CLOCK_MHZ %u %s\n", sf_synth_board_clock(t, job->freq_mhz), top);
  sf_text_add(&s, "read_verilog -lib +/%s/cells_sim.v%s\n", family, t->ecp5 ? " +/ecp5/cells_bb.v" : "");
  sf_text_add(&s, "hierarchy -check -top %s\n", top);
  /* What is still a memory before map_ffram would become flip-flops there: noted, judged afterwards. */
  sf_text_add(&s, "synth_%s %s -top %s -run begin:map_ffram\n", family, t->yosys_options, top);
  sf_text_add(&s, "tee -q -o memories.txt dump t:$mem_v2 t:$mem\n");
  if (t->ecp5) {
    sf_text_add(&s, "synth_%s %s -top %s -run map_ffram:map_gates\n", family, t->yosys_options, top);
    sf_text_add(&s, "techmap -map src/ecp5_arith.v t:$alu\n");
    sf_text_add(&s, "synth_%s %s -top %s -run map_gates:\n", family, t->yosys_options, top);
  } else sf_text_add(&s, "synth_%s %s -top %s -run map_ffram:\n", family, t->yosys_options, top);
  /* What no sound design has stops Yosys; whatever else a version warns of is counted. */
  sf_text_add(
      &s,
      "logger -werror multiple.conflicting.drivers|Drivers.conflicting|is.used.but.has.no.driver|found.logic.loop\n");
  sf_text_add(&s, "check\ntee -q -o stat.json stat -json\ntee -q -o parts.txt log areas:\n");
  for (int i = 0; i < SF_SYNTH_PARTS - 1; i++) {
    sf_text_add(&s, "tee -q -a parts.txt select -count t:SB_LUT4 t:LUT4 %%u %s %%i\n", sf_synth_core_parts[i].cells);
    sf_text_add(&s, "tee -q -a parts.txt select -count t:SB_DFF* t:TRELLIS_FF %%u %s %%i\n",
                sf_synth_core_parts[i].cells);
  }
  if (t->ecp5) sf_text_add(&s, "techmap -map src/ecp5_arith.v -D ENDS t:CCU2C\n");
  sf_text_add(&s, "write_json netlist.json\n");
  const bool fits = !s.failed && s.n < size;
  if (fits) memcpy(script, s.s, s.n + 1);
  sf_text_free(&s);
  return fits ? SF_OK : sf_fail(msg, SF_EINVAL, "the Yosys script does not fit");
}
