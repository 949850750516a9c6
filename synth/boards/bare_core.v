// bare_core.v - the core alone for area and timing studies: more ports than any small package has pins, so its inputs
// come from one long shift register and its outputs go through another. Adds two flip-flops a port bit and no path
// that could limit the core: every port starts or ends at a flip-flop. Not for a board.
`default_nettype none
module bare_core #(
  parameter AXONS          = 256,
  parameter NEURONS        = 256,
  parameter LANES          = 16,
  parameter NEURON_LANES   = 2,
  parameter LEARNING_LANES = 0,
  parameter WEIGHT_BITS    = 4,
  parameter POTENTIAL_BITS = 16,
  parameter DELAY_SLOTS    = 16,
  parameter PROFILES       = 16,
  parameter ROUTES         = 512,
  parameter HAS_CURRENT    = 0,
  parameter HAS_REFRACTORY = 0,
  parameter HAS_ADAPTATION = 0,
  parameter HAS_NOISE      = 0,
  parameter LEAK_SHIFT     = 0,
  parameter WEIGHT_MEMORY  = 0
) (
  input  wire clk,
  input  wire shift_in,
  input  wire capture,              // 1: the outputs are taken; 0: they are shifted out
  output wire shift_out
);
  localparam AXON_W   = AXONS > 1 ? $clog2(AXONS) : 1;
  localparam DELAY_W  = $clog2(DELAY_SLOTS);
  localparam NEURON_W = NEURONS > 1 ? $clog2(NEURONS) : 1;
  localparam IN_W     = 6 + AXON_W + DELAY_W + 64;
  localparam OUT_W    = 6 + 32 + NEURON_W + 32;

  reg  [IN_W-1:0]  in_q;
  reg  [OUT_W-1:0] out_q;
  reg              capture_q;
  wire [OUT_W-1:0] out;
  always @(posedge clk) begin
    in_q      <= {in_q[IN_W-2:0], shift_in};
    capture_q <= capture;
    out_q     <= capture_q ? out : {out_q[OUT_W-2:0], 1'b0};
  end
  assign shift_out = out_q[OUT_W-1];

  synfire_core #(
    .AXONS(AXONS), .NEURONS(NEURONS), .LANES(LANES), .NEURON_LANES(NEURON_LANES), .LEARNING_LANES(LEARNING_LANES),
    .WEIGHT_BITS(WEIGHT_BITS), .POTENTIAL_BITS(POTENTIAL_BITS), .DELAY_SLOTS(DELAY_SLOTS), .PROFILES(PROFILES),
    .ROUTES(ROUTES), .HAS_CURRENT(HAS_CURRENT), .HAS_REFRACTORY(HAS_REFRACTORY), .HAS_ADAPTATION(HAS_ADAPTATION),
    .HAS_NOISE(HAS_NOISE), .LEAK_SHIFT(LEAK_SHIFT), .WEIGHT_MEMORY(WEIGHT_MEMORY), .PROBE(0)
  ) u_core (
    .clk_i(clk), .rst_i(in_q[0]),
    .tick_valid_i(in_q[1]), .tick_ready_o(out[0]), .tick_done_o(out[1]), .tick_o(out[6 +: 32]),
    .in_valid_i(in_q[2]), .in_ready_o(out[2]), .in_axon_i(in_q[70 +: AXON_W]), .in_delay_i(in_q[70+AXON_W +: DELAY_W]),
    .out_valid_o(out[3]), .out_ready_i(in_q[69]), .out_neuron_o(out[70 +: NEURON_W]),
    .host_valid_i(in_q[3]), .host_ready_o(out[4]), .host_write_i(in_q[4]), .host_addr_i(in_q[5 +: 32]),
    .host_wdata_i(in_q[37 +: 32]), .host_rvalid_o(out[5]), .host_rdata_o(out[38 +: 32])
  );
endmodule
`default_nettype wire
