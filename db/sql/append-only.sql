-- Hygiene, not proof (the witness is the proof): rows of the log and of published things are never changed or removed.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'append-only: % on %', tg_op, tg_table_name;
end $$;

do $$
declare t text;
begin
  foreach t in array array['log_leaf', 'log_node', 'notice', 'tender_document', 'opening_event', 'read_out'] loop
    execute format('drop trigger if exists append_only on %I', t);
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
  end loop;
end $$;

-- A log payload may be erased (box set to null) but its place never changes.
create or replace function only_erase() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.idx <> old.idx or new.entry_id <> old.entry_id or (new.box is not null and new.box <> old.box) then
    raise exception 'append-only: % on log_payload', tg_op;
  end if;
  return new;
end $$;
drop trigger if exists only_erase on log_payload;
create trigger only_erase before update or delete on log_payload for each row execute function only_erase();

create extension if not exists pg_trgm;
