// ram_spram.v - rtl/prim/ram_spram.v in the iCE40 UltraPlus' 256-kbit SPRAM blocks (16,384 words of 16 bits each).
// WIDTH / 16 blocks stand side by side, DEPTH / 16,384 (rounded up) behind each other. Same ports as ram_1rw.
// Timing:   rdata_o shows the word one cycle after ce_i without we_i and holds until the next read.
// Source:   Lattice TN1314, "iCE40 SPRAM usage guide".
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_spram #(
  parameter DEPTH = 16384,                                      // words, >= 1
  parameter WIDTH = 32                                          // bits a word, a multiple of 16
) (
  input  wire                                    clk_i,
  input  wire                                    ce_i,          // read, or write with we_i
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] addr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  output wire [WIDTH-1:0]                        rdata_o
);
  generate if (WIDTH % 16 != 0) begin : g_check
    ram_spram_WIDTH_is_no_multiple_of_16 u_stop ();
  end endgenerate

  localparam N_COL  = WIDTH / 16;
  localparam N_ROW  = (DEPTH + 16383) / 16384;
  localparam ROW_W  = N_ROW > 1 ? $clog2(N_ROW) : 1;
  localparam ADDR_W = DEPTH > 1 ? $clog2(DEPTH) : 1;

  wire [31:0]       addr = {{(32-ADDR_W){1'b0}}, addr_i};
  wire [ROW_W-1:0]  row  = addr[14 +: ROW_W];
  reg  [ROW_W-1:0]  row_q;                                      // the row that rdata_o comes from
  wire [WIDTH-1:0]  data [0:N_ROW-1];
  always @(posedge clk_i) if (ce_i) row_q <= row;
  assign rdata_o = data[N_ROW > 1 ? row_q : {ROW_W{1'b0}}];

  genvar i, j;
  generate for (j = 0; j < N_ROW; j = j + 1) begin : g_row
    wire select = (N_ROW == 1) || (row == j);
    for (i = 0; i < N_COL; i = i + 1) begin : g_col
      SB_SPRAM256KA u_spram (
        .CLOCK      (clk_i),
        .CHIPSELECT (select && ce_i),
        .WREN       (we_i),
        .MASKWREN   (4'b1111),
        .ADDRESS    (addr[13:0]),
        .DATAIN     (wdata_i[16*i +: 16]),
        .DATAOUT    (data[j][16*i +: 16]),
        .STANDBY    (1'b0),
        .SLEEP      (1'b0),
        .POWEROFF   (1'b1)                                      // active low
      );
    end
  end endgenerate
endmodule
`default_nettype wire
