ALTER TABLE "key_release" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP TABLE "key_release" CASCADE;--> statement-breakpoint
ALTER TABLE "release_message" DROP CONSTRAINT "release_message_message_hash_unique";--> statement-breakpoint
ALTER TABLE "bid_file" DROP CONSTRAINT "bid_file_bid_id_bid_id_fk";
--> statement-breakpoint
ALTER TABLE "read_out" DROP CONSTRAINT "read_out_bid_id_bid_id_fk";
--> statement-breakpoint
ALTER TABLE "stage_key" DROP CONSTRAINT "stage_key_bid_id_bid_id_fk";
--> statement-breakpoint
DROP INDEX "bid_file_bid";--> statement-breakpoint
ALTER TABLE "bid" ADD COLUMN "stages" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "release_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "release_message" ADD COLUMN "round" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "release_message" ADD COLUMN "no" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "release_message" ADD COLUMN "accepted" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "release_message" ADD COLUMN "refused" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "release_message" DROP COLUMN "id";--> statement-breakpoint
ALTER TABLE "release_message" DROP COLUMN "answer";--> statement-breakpoint
ALTER TABLE "release_message" ADD CONSTRAINT "release_message_lot_id_round_message_hash_pk" PRIMARY KEY("lot_id","round","message_hash");