ALTER TABLE "notification" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notification" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD COLUMN "record_box" "bytea";