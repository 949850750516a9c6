// What takes the place of the file of the same name in rtl/synfire.f where the core is synthesized for an iCE40.
ram_spram.v
