-- SPDX-License-Identifier: GPL-2.0
-- What version 2 has more than 1: to be read after it.
CREATE TABLE entries (
  snapshot INTEGER PRIMARY KEY,
  top INTEGER NOT NULL,
  packed BLOB NOT NULL
);
