-- Booking: no expert is held for two evaluations at once (EX-05, same-time engagement), whatever draws run at the same moment.
CREATE EXTENSION IF NOT EXISTS btree_gist;--> statement-breakpoint
ALTER TABLE "draw_booking" ADD CONSTRAINT "draw_booking_apart" EXCLUDE USING gist ("expert_id" WITH =, "during" WITH &&);--> statement-breakpoint
-- Hashes and random ids do not compress.
ALTER TABLE "expert_pool_page" ALTER COLUMN "leaves" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "expert_pool_page" ALTER COLUMN "members" SET STORAGE EXTERNAL;--> statement-breakpoint
-- The levels above each code of 发改法规〔2018〕316号 (A08, A0801, A080104): who fits a prefix is found by index, in any size of library.
CREATE FUNCTION specialty_prefixes(codes text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  select coalesce(array_agg(distinct left(code, level)), '{}') from unnest(codes) code, unnest(array[3, 5, 7]) level where length(code) >= level
$$;--> statement-breakpoint
CREATE INDEX "expert_prefixes" ON "expert" USING gin (specialty_prefixes("disc"));
--> statement-breakpoint
CREATE INDEX "draw_booking_during" ON "draw_booking" USING gist ("during");
