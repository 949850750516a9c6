// counter_rng.v - counter-based random numbers: a fixed hash of (seed, tick, axon, neuron), so that the result does
// not depend on lanes or order. Eight rounds of the Speck32 round function (Beaulieu et al., "The SIMON and SPECK
// families of lightweight block ciphers", 2013) with the key words seed and tick in turn and an odd constant a round;
// used for its statistics only, it is not a cipher.
//   hi = axon ^ tick[31:16], lo = neuron ^ seed[31:16];
//   8 times:  hi = (ror(hi, 7) + lo) ^ key[r % 4] ^ C[r];  lo = rol(lo, 2) ^ hi
// Timing:   one number a cycle, latency 4 (two rounds a stage); seed and tick hold still while numbers are on their way.
// C twin:   cmodel/mirror/counter_rng.h
`default_nettype none
module counter_rng (
  input  wire        clk_i,
  input  wire [31:0] seed_i,
  input  wire [31:0] tick_i,
  input  wire [15:0] axon_i,
  input  wire [15:0] neuron_i,
  output wire [31:0] random_o
);
  wire [16*4-1:0] key = {tick_i[31:16], seed_i[31:16], tick_i[15:0], seed_i[15:0]};
  reg  [31:0]     stage_q [0:3];                                // {hi, lo} after 2, 4, 6, 8 rounds

  function [31:0] round(input [31:0] x, input [15:0] k);
    reg [15:0] hi;
    begin
      hi    = ({x[22:16], x[31:23]} + x[15:0]) ^ k;
      round = {hi, {x[13:0], x[15:14]} ^ hi};
    end
  endfunction

  genvar s;
  generate for (s = 0; s < 4; s = s + 1) begin : g_stage
    localparam [31:0] C0 = (2*s + 1) * 32'h9E37;
    localparam [31:0] C1 = (2*s + 2) * 32'h9E37;
    wire [31:0] from;
    if (s == 0) begin : g_first
      assign from = {axon_i ^ tick_i[31:16], neuron_i ^ seed_i[31:16]}; // so that these words mix for all eight rounds
    end else begin : g_next
      assign from = stage_q[s-1];
    end
    wire [31:0] half = round(from, key[16*((2*s) % 4) +: 16] ^ C0[15:0]);
    always @(posedge clk_i) stage_q[s] <= round(half, key[16*((2*s + 1) % 4) +: 16] ^ C1[15:0]);
  end endgenerate

  assign random_o = stage_q[3];
endmodule
`default_nettype wire
