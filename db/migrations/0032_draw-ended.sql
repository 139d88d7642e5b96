ALTER TABLE "draw" ADD COLUMN "ended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "end_reason" text;