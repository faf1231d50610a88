// What this room offers.
