CREATE TABLE "document_release" (
	"document_id" uuid PRIMARY KEY NOT NULL,
	"notice_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "document_release" ADD CONSTRAINT "document_release_document_id_tender_document_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."tender_document"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender_document" DROP COLUMN "notice_id";