CREATE TABLE "archive" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"entry_id" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"file_id" uuid,
	"sha256" text,
	"sealed_at" timestamp with time zone,
	CONSTRAINT "archive_lot_id_round_pk" PRIMARY KEY("lot_id","round")
);
--> statement-breakpoint
ALTER TABLE "archive" ADD CONSTRAINT "archive_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;