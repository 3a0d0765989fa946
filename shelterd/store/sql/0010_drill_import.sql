-- SPDX-License-Identifier: MIT
-- Timelines from a planner's table: whom an entry is told to, and the number
-- it has there, by which it is found again ('': none).

ALTER TABLE drill_inject ADD COLUMN who TEXT NOT NULL DEFAULT '';
ALTER TABLE drill_inject ADD COLUMN ref TEXT NOT NULL DEFAULT '';
