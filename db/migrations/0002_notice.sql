ALTER TABLE "notice" ADD COLUMN "entry_id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "tender_document" ADD COLUMN "notice_id" uuid;