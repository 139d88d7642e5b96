DROP INDEX "record_signature_once";--> statement-breakpoint
ALTER TABLE "bid" ADD COLUMN "first_envelope" text;--> statement-breakpoint
ALTER TABLE "record_signature" ADD COLUMN "stage" text DEFAULT 'main' NOT NULL;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "envelope_entry_id" uuid;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "envelope_idx" bigint;--> statement-breakpoint
ALTER TABLE "opening_confirmation" ADD COLUMN "stage" text DEFAULT 'main' NOT NULL;--> statement-breakpoint
ALTER TABLE "opening_confirmation" DROP CONSTRAINT "opening_confirmation_lot_id_round_organisation_id_pk";--> statement-breakpoint
ALTER TABLE "opening_confirmation" ADD CONSTRAINT "opening_confirmation_lot_id_round_stage_organisation_id_pk" PRIMARY KEY("lot_id","round","stage","organisation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "record_signature_once" ON "record_signature" USING btree ("lot_id","round","stage","organisation_id");
