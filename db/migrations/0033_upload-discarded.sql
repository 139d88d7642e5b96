ALTER TABLE "upload" ADD COLUMN "discarded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "upload" ADD COLUMN "kept_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "upload_unjudged" ON "upload" USING btree ("created_at") WHERE "upload"."discarded_at" is null and "upload"."kept_at" is null;--> statement-breakpoint
CREATE INDEX "upload_discarded" ON "upload" USING btree ("discarded_at") WHERE "upload"."discarded_at" is not null;