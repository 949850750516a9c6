/* target.h - the FPGAs that `synfire synth` knows: devices, boards, what they hold, which tools serve them. */
#ifndef SF_HARNESS_SYNTH_TARGET_H
#define SF_HARNESS_SYNTH_TARGET_H

#include "synfire/base.h"

/* The resources a report lists, in this order. */
typedef enum sf_resource {
  SF_RES_LOGIC, /* logic cells as placed: a LUT with its flip-flop (iCE40), a LUT (ECP5) */
  SF_RES_LUT4,  /* LUTs of the netlist */
  SF_RES_FF,
  SF_RES_CARRY, /* carry cells: SB_CARRY, CCU2C (two bits each) */
  SF_RES_BLOCK_RAM,
  SF_RES_LUT_RAM, /* 16 x 4 bit of LUT RAM (ECP5) */
  SF_RES_SPRAM,
  SF_RES_DSP, /* multiplier blocks */
  SF_RES_COUNT
} sf_resource;

/* sf_resource_key(), sf_resource_title() - the name in JSON ("block_ram") and in sentences ("block RAM"). */
const char *sf_resource_key(sf_resource r);
const char *sf_resource_title(sf_resource r);

typedef struct sf_synth_target {
  const char *name, *title;         /* "up5k", "Lattice iCE40UP5K, SG48 (iCEBreaker)" */
  bool ecp5;                        /* else iCE40 */
  const char *yosys_options;        /* of synth_ice40 or synth_ecp5 */
  const char *pnr_device;           /* "--up5k" */
  const char *package;              /* "sg48" */
  const char *icetime_device;       /* "up5k"; NULL without icetime */
  const char *board, *constraints;  /* synth/boards/BOARD.v, its top module of the same name; constraint file */
  uint32_t available[SF_RES_COUNT]; /* 0: the device has none, or the number is not a limit of its own */
  uint32_t block_ram_bits;          /* of one block RAM */
  uint32_t clock_mhz;               /* what the board runs at, and what is aimed for, when nobody says otherwise */
  uint32_t clock_min, clock_max, clock_step; /* clocks that the board's PLL makes */
} sf_synth_target;

/* sf_synth_target_find() - the target of that name, or NULL. */
const sf_synth_target *sf_synth_target_find(const char *name);

/* sf_synth_target_names() - "up5k, hx8k, ...", for messages. */
const char *sf_synth_target_names(void);

/* sf_synth_family() - "ice40", "ecp5": in the names of Yosys' passes, and of the folders of rtl/hard. */
const char *sf_synth_family(const sf_synth_target *t);

/* sf_synth_board_clock() - the fastest clock the board can make that is not above mhz; its slowest if there is none. */
uint32_t sf_synth_board_clock(const sf_synth_target *t, double mhz);

/* sf_resource_of_cell() - which resource a netlist cell ("SB_LUT4", "DP16KD") counts for; SF_RES_COUNT: for none. */
sf_resource sf_resource_of_cell(const char *type);

/* sf_resource_of_bel() - which resource a line of nextpnr's utilisation ("ICESTORM_RAM") stands for, or
 * SF_RES_COUNT. */
sf_resource sf_resource_of_bel(const char *bel);

#endif
