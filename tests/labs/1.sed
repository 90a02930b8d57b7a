# SPDX-License-Identifier: GPL-2.0
# The program's sizes; what of it was read from its file by now.
s,^(400000-CODE|CODE-CODE) (....) .*,\1 \2,
# What the runtime has allocated for itself, depending on its threads.
s/^objects 16 .*/objects 16/
s/^(c000[^ ]*)( [0-9]+){5} (61440 )/\1 \3/
# The folio's place among frames.
s/PFN 0x[0-9a-f]+/PFN N/
s/index 0xc000[0-9a-f]{3}$/index N/
