// board_system.v - what every board top holds behind its clock and pins: the core, a serial port and the bridge
// between them. Has the core's parameters under their names; `synfire synth` sets them from a configuration.
`default_nettype none
module board_system #(
  parameter CLOCKS_PER_BIT = 24,    // clock frequency / baud rate
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
  input  wire clk_i,
  input  wire rst_i,
  input  wire rx_i,                 // asynchronous
  output wire tx_o,
  output wire busy_o,               // a tick is running
  output wire spike_o               // one cycle per output event
);
  localparam AXON_W   = AXONS > 1 ? $clog2(AXONS) : 1;
  localparam DELAY_W  = $clog2(DELAY_SLOTS);
  localparam NEURON_W = NEURONS > 1 ? $clog2(NEURONS) : 1;

  wire                rx_valid, rx_break, tx_valid, tx_ready;
  wire [7:0]          rx_data, tx_data;
  wire                tick_valid, tick_ready, tick_done;
  wire [31:0]         tick;
  wire                in_valid, in_ready, out_valid, out_ready;
  wire [AXON_W-1:0]   in_axon;
  wire [DELAY_W-1:0]  in_delay;
  wire [NEURON_W-1:0] out_neuron;
  wire                host_valid, host_ready, host_write, host_rvalid;
  wire [31:0]         host_addr, host_wdata, host_rdata;

  reg busy_q;
  always @(posedge clk_i) begin
    if (tick_valid && tick_ready) busy_q <= 1'b1;
    if (tick_done || rst_i)       busy_q <= 1'b0;
  end
  assign busy_o  = busy_q;
  wire unused = &{1'b0, tick};
  assign spike_o = out_valid && out_ready;

  uart #(.CLOCKS_PER_BIT(CLOCKS_PER_BIT)) u_uart (
    .clk_i(clk_i), .rst_i(rst_i), .rx_i(rx_i), .tx_o(tx_o),
    .rx_valid_o(rx_valid), .rx_break_o(rx_break), .rx_data_o(rx_data),
    .tx_valid_i(tx_valid), .tx_ready_o(tx_ready), .tx_data_i(tx_data)
  );

  uart_bridge #(.AXON_W(AXON_W), .DELAY_W(DELAY_W), .NEURON_W(NEURON_W)) u_bridge (
    .clk_i(clk_i), .rst_i(rst_i),
    .rx_valid_i(rx_valid), .rx_break_i(rx_break), .rx_data_i(rx_data),
    .tx_valid_o(tx_valid), .tx_ready_i(tx_ready), .tx_data_o(tx_data),
    .tick_valid_o(tick_valid), .tick_ready_i(tick_ready), .tick_done_i(tick_done),
    .in_valid_o(in_valid), .in_ready_i(in_ready), .in_axon_o(in_axon), .in_delay_o(in_delay),
    .out_valid_i(out_valid), .out_ready_o(out_ready), .out_neuron_i(out_neuron),
    .host_valid_o(host_valid), .host_ready_i(host_ready), .host_write_o(host_write),
    .host_addr_o(host_addr), .host_wdata_o(host_wdata), .host_rvalid_i(host_rvalid), .host_rdata_i(host_rdata)
  );

  synfire_core #(
    .AXONS(AXONS), .NEURONS(NEURONS), .LANES(LANES), .NEURON_LANES(NEURON_LANES), .LEARNING_LANES(LEARNING_LANES),
    .WEIGHT_BITS(WEIGHT_BITS), .POTENTIAL_BITS(POTENTIAL_BITS), .DELAY_SLOTS(DELAY_SLOTS), .PROFILES(PROFILES),
    .ROUTES(ROUTES), .HAS_CURRENT(HAS_CURRENT), .HAS_REFRACTORY(HAS_REFRACTORY), .HAS_ADAPTATION(HAS_ADAPTATION),
    .HAS_NOISE(HAS_NOISE), .LEAK_SHIFT(LEAK_SHIFT), .WEIGHT_MEMORY(WEIGHT_MEMORY), .PROBE(0)
  ) u_core (
    .clk_i(clk_i), .rst_i(rst_i),
    .tick_valid_i(tick_valid), .tick_ready_o(tick_ready), .tick_done_o(tick_done), .tick_o(tick),
    .in_valid_i(in_valid), .in_ready_o(in_ready), .in_axon_i(in_axon), .in_delay_i(in_delay),
    .out_valid_o(out_valid), .out_ready_i(out_ready), .out_neuron_o(out_neuron),
    .host_valid_i(host_valid), .host_ready_o(host_ready), .host_write_i(host_write), .host_addr_i(host_addr),
    .host_wdata_i(host_wdata), .host_rvalid_o(host_rvalid), .host_rdata_o(host_rdata)
  );
endmodule
`default_nettype wire
