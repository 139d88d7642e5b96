DROP TABLE "outage" CASCADE;--> statement-breakpoint
DROP TABLE "process_beat" CASCADE;