// What takes the place of the file of the same name in rtl/synfire.f where the core is synthesized for an ECP5.
mul_reg.v
ram_1r1w_reg.v
ram_1rw_reg.v
