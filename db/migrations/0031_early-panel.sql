ALTER TABLE "draw" ADD COLUMN "is_early" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "rechecked_at" timestamp with time zone;