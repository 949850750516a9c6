/* target.c - the table of FPGAs, and how the tools' cell names map to resources. */
#include "synth/target.h"

#include <string.h>

static const struct {
  const char *key, *title;
} resources[SF_RES_COUNT] = {[SF_RES_LOGIC] = {"logic_cells", "logic cells"},
                             [SF_RES_LUT4] = {"lut4", "LUT4"},
                             [SF_RES_FF] = {"ff", "flip-flops"},
                             [SF_RES_CARRY] = {"carry", "carry cells"},
                             [SF_RES_BLOCK_RAM] = {"block_ram", "block RAM"},
                             [SF_RES_LUT_RAM] = {"lut_ram", "LUT RAM"},
                             [SF_RES_SPRAM] = {"spram", "SPRAM"},
                             [SF_RES_DSP] = {"dsp", "DSP"}};

const char *sf_resource_key(sf_resource r) { return resources[r].key; }
const char *sf_resource_title(sf_resource r) { return resources[r].title; }

/* Numbers available: device family handbooks, equal to what nextpnr reports. */
static const sf_synth_target targets[] = {
    {.name = "up5k",
     .title = "Lattice iCE40UP5K, SG48",
     .yosys_options = "-dsp -device u",
     .pnr_device = "--up5k",
     .package = "sg48",
     .icetime_device = "up5k",
     .board = "icebreaker",
     .constraints = "icebreaker.pcf",
     .available = {[SF_RES_LOGIC] = 5280, [SF_RES_BLOCK_RAM] = 30, [SF_RES_SPRAM] = 4, [SF_RES_DSP] = 8},
     .block_ram_bits = 4096,
     .clock_mhz = 24,
     .clock_min = 12,
     .clock_max = 48,
     .clock_step = 3},
    {.name = "hx8k",
     .title = "Lattice iCE40HX8K, CT256",
     .yosys_options = "-device hx",
     .pnr_device = "--hx8k",
     .package = "ct256",
     .icetime_device = "hx8k",
     .board = "hx8k_breakout",
     .constraints = "hx8k_breakout.pcf",
     .available = {[SF_RES_LOGIC] = 7680, [SF_RES_BLOCK_RAM] = 32},
     .block_ram_bits = 4096,
     .clock_mhz = 60,
     .clock_min = 36,
     .clock_max = 132,
     .clock_step = 6},
    {.name = "ecp5-25",
     .title = "Lattice LFE5U-25F-6, CABGA381",
     .ecp5 = true,
     .yosys_options = "",
     .pnr_device = "--25k",
     .package = "CABGA381",
     .board = "ulx3s",
     .constraints = "ulx3s.lpf",
     .available = {[SF_RES_LOGIC] = 24288, [SF_RES_FF] = 24288, [SF_RES_BLOCK_RAM] = 56, [SF_RES_DSP] = 28},
     .block_ram_bits = 18432,
     .clock_mhz = 100,
     .clock_min = 50,
     .clock_max = 200,
     .clock_step = 5},
    {.name = "ecp5-85",
     .title = "Lattice LFE5U-85F-6, CABGA381",
     .ecp5 = true,
     .yosys_options = "",
     .pnr_device = "--85k",
     .package = "CABGA381",
     .board = "ulx3s",
     .constraints = "ulx3s.lpf",
     .available = {[SF_RES_LOGIC] = 83640, [SF_RES_FF] = 83640, [SF_RES_BLOCK_RAM] = 208, [SF_RES_DSP] = 156},
     .block_ram_bits = 18432,
     .clock_mhz = 100,
     .clock_min = 50,
     .clock_max = 200,
     .clock_step = 5},
};

const sf_synth_target *sf_synth_target_find(const char *name) {
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
    if (strcmp(targets[i].name, name) == 0) return &targets[i];
  return NULL;
}

const char *sf_synth_family(const sf_synth_target *t) { return t->ecp5 ? "ecp5" : "ice40"; }

const char *sf_synth_target_names(void) { return "up5k, hx8k, ecp5-25, ecp5-85"; }

uint32_t sf_synth_board_clock(const sf_synth_target *t, double mhz) {
  uint32_t best = t->clock_min;
  for (uint32_t f = t->clock_min; f <= t->clock_max && f <= mhz; f += t->clock_step)
    if (!(strcmp(t->name, "up5k") == 0 && f == 15)) best = f; /* the one step that this PLL leaves out */
  return best;
}

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

sf_resource sf_resource_of_cell(const char *type) {
  static const struct {
    const char *cell;
    sf_resource r;
  } exact[] = {{"SB_LUT4", SF_RES_LUT4},        {"LUT4", SF_RES_LUT4},
               {"SB_CARRY", SF_RES_CARRY},      {"CCU2C", SF_RES_CARRY},
               {"SB_SPRAM256KA", SF_RES_SPRAM}, {"SB_MAC16", SF_RES_DSP},
               {"MULT18X18D", SF_RES_DSP},      {"DP16KD", SF_RES_BLOCK_RAM},
               {"PDPW16KD", SF_RES_BLOCK_RAM},  {"TRELLIS_DPR16X4", SF_RES_LUT_RAM},
               {"TRELLIS_FF", SF_RES_FF}};
  for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
    if (strcmp(exact[i].cell, type) == 0) return exact[i].r;
  if (begins(type, "SB_DFF")) return SF_RES_FF;
  if (begins(type, "SB_RAM40_4K")) return SF_RES_BLOCK_RAM;
  return SF_RES_COUNT;
}

sf_resource sf_resource_of_bel(const char *bel) {
  static const struct {
    const char *bel;
    sf_resource r;
  } exact[] = {{"ICESTORM_LC", SF_RES_LOGIC},      {"TRELLIS_COMB", SF_RES_LOGIC}, {"TRELLIS_SLICE", SF_RES_LOGIC},
               {"ICESTORM_RAM", SF_RES_BLOCK_RAM}, {"DP16KD", SF_RES_BLOCK_RAM},   {"ICESTORM_SPRAM", SF_RES_SPRAM},
               {"ICESTORM_DSP", SF_RES_DSP},       {"MULT18X18D", SF_RES_DSP},     {"TRELLIS_FF", SF_RES_FF}};
  for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
    if (strcmp(exact[i].bel, bel) == 0) return exact[i].r;
  return SF_RES_COUNT;
}
