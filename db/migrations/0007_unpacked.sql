ALTER TABLE "bid_file" ADD COLUMN "unpacked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD COLUMN "c" text NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_pool" ADD COLUMN "members" "bytea" NOT NULL;