ALTER TABLE "opening" ADD COLUMN "release_opened_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "release_basis" text;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "record_payload" text;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "record_hash" text;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "event_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "abort_reason" text;--> statement-breakpoint
ALTER TABLE "read_out" ADD COLUMN "flags" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "release_message" ADD COLUMN "answer" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "key_release" DROP COLUMN "fits";