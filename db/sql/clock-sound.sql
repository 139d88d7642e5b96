-- Whether trade_clock() may decide anything: it must not be behind an instant it has already shown (a database restarted on a
-- machine whose clock was set back). Two seconds are the slewing of a healthy clock.
create or replace function clock_is_sound() returns boolean language sql volatile as
$$ select coalesce((select trade_clock() >= seen_at - interval '2 seconds' from clock_mark), true) $$;
