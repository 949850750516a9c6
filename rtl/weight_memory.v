// weight_memory.v - the crossbar's weights: one row of LANES weights per (group, axon), row = group * AXONS + axon.
// The row is cut into banks of 32 bits (of LANES * WEIGHT_BITS where that is less), each a memory of its own, so that
// the host writes one bank at a time and the lanes read all of them at once.
// Timing:   re_i -> row_o two cycles later (memory, output register). we_i and re_i never meet.
// C twin:   cmodel/weight_memory.c
`default_nettype none
module weight_memory #(
  parameter ROWS  = 4096,                                       // groups * AXONS
  parameter ROW_W = 64,                                         // LANES * WEIGHT_BITS
  parameter SPRAM = 0                                           // 1: iCE40 SPRAM
) (
  input  wire                 clk_i,
  input  wire                 re_i,
  input  wire [(ROWS > 1 ? $clog2(ROWS) : 1)-1:0] row_i,
  output reg  [ROW_W-1:0]     row_o,
  input  wire                 we_i,                             // write bank_i of row_i
  input  wire [(ROW_W > 32 ? $clog2(ROW_W/32) : 1)-1:0] bank_i,
  input  wire [31:0]          wdata_i
);
  localparam BANK_W = ROW_W > 32 ? 32 : ROW_W;
  localparam BANKS  = ROW_W / BANK_W;
  localparam SEL_W  = ROW_W > 32 ? $clog2(BANKS) : 1;

  wire [ROW_W-1:0] read;
  always @(posedge clk_i) row_o <= read;

  genvar b;
  generate for (b = 0; b < BANKS; b = b + 1) begin : g_bank
    localparam [31:0] B32 = b;
    wire we = we_i && (BANKS == 1 || bank_i == B32[SEL_W-1:0]);
    if (SPRAM != 0) begin : g_spram
      ram_spram #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .we_i(we), .re_i(re_i), .addr_i(row_i),
        .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(read[BANK_W*b +: BANK_W])
      );
    end else begin : g_block
      ram_1rw #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .we_i(we), .re_i(re_i), .addr_i(row_i),
        .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(read[BANK_W*b +: BANK_W])
      );
    end
  end endgenerate

  wire unused = &{1'b0, wdata_i, bank_i};                       // parts of them, with rows below 32 bits
endmodule
`default_nettype wire
