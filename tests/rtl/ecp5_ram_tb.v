// ecp5_ram_tb.v - ram_1r1w_reg.v and ram_1rw_reg.v of rtl/hard/ecp5, on dp16kd_model.v, beside arrays: 4,000 random
// cycles each. A word that was never written, or was being written when it was read, is not compared.
`default_nettype none
module ecp5_ram_tb;
  parameter DEPTH = 512;
  parameter WIDTH = 16;
  localparam ADDR_W = $clog2(DEPTH);
  reg clk = 0;
  reg we, re, oce, ce1, we1;
  reg  [ADDR_W-1:0] waddr, raddr, addr1;
  reg  [WIDTH-1:0]  wdata, wdata1;
  wire [WIDTH-1:0]  two, one;
  ram_1r1w_reg #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_two (
    .clk_i(clk), .we_i(we), .waddr_i(waddr), .wdata_i(wdata), .re_i(re), .raddr_i(raddr), .ce_i(oce), .rdata_o(two)
  );
  ram_1rw_reg #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_one (
    .clk_i(clk), .ce_i(ce1), .we_i(we1), .addr_i(addr1), .wdata_i(wdata1), .rdata_o(one)
  );

  reg [WIDTH-1:0] mem2 [0:DEPTH-1], mem1 [0:DEPTH-1];
  reg             known2 [0:DEPTH-1], known1 [0:DEPTH-1];
  reg [WIDTH-1:0] read2, want2, read1, want1;
  reg             r2 = 0, k2 = 0, r1 = 0, k1 = 0;
  integer i, compared = 0, wrong = 0;
  function [WIDTH-1:0] wide;
    input integer unused;
    integer k;
    for (k = 0; k < WIDTH; k = k + 1) wide[k] = $random;
  endfunction
  initial begin
    for (i = 0; i < DEPTH; i = i + 1) begin
      known2[i] = 0;
      known1[i] = 0;
    end
    for (i = 0; i < 4000; i = i + 1) begin
      we = $random; re = $random; oce = $random; ce1 = $random; we1 = ce1 && i[1];
      // A few addresses from end to end, so that words are read soon after they were written.
      waddr = {$random} % 4 == 0 ? {$random} % DEPTH : ({$random} % 8) * ((DEPTH - 1) / 7);
      raddr = {$random} % 4 == 0 ? {$random} % DEPTH : ({$random} % 8) * ((DEPTH - 1) / 7);
      addr1 = ({$random} % 8) * ((DEPTH - 1) / 7);
      wdata = wide(0); wdata1 = wide(0);
      #1;
      if (oce) begin want2 = read2; k2 = r2; end
      if (re) begin read2 = mem2[raddr]; r2 = known2[raddr] && !(we && waddr == raddr); end
      if (we) begin mem2[waddr] = wdata; known2[waddr] = 1; end
      want1 = read1; k1 = r1;
      if (ce1 && !we1) begin read1 = mem1[addr1]; r1 = known1[addr1]; end
      if (ce1 && we1) begin mem1[addr1] = wdata1; known1[addr1] = 1; r1 = 0; end
      clk = 1; #1;
      if (k2) begin compared = compared + 1; if (two !== want2) wrong = wrong + 1; end
      if (k1) begin compared = compared + 1; if (one !== want1) wrong = wrong + 1; end
      clk = 0; #1;
    end
    $display("compared %0d wrong %0d", compared, wrong);
    $finish;
  end
endmodule
`default_nettype wire
