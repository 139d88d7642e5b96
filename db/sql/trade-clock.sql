-- The one clock that decides deadlines (crypto.md §10.1). Only test databases replace it.
create or replace function trade_clock() returns timestamptz language sql volatile as 'select clock_timestamp()';
