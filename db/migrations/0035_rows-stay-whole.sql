-- What is written in thousands at a deadline and is somewhat longer than 2 KiB stays in its row: compressing and cutting it up cost PostgreSQL more than writing it.
ALTER TABLE "bid" SET (toast_tuple_target = 8160);--> statement-breakpoint
ALTER TABLE "release_message" SET (toast_tuple_target = 8160);--> statement-breakpoint
ALTER TABLE "release_message" ALTER COLUMN "box" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "release_message" ALTER COLUMN "cms" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "bid" ALTER COLUMN "cms" SET STORAGE EXTERNAL;
