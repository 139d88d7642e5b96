CREATE TABLE "outage" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from" timestamp with time zone NOT NULL,
	"to" timestamp with time zone NOT NULL,
	"made_good_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "pulse" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "pulse_one" CHECK ("pulse"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "bid_twin" (
	"bid_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"state" text NOT NULL,
	"box" "bytea" NOT NULL,
	"handed_by" uuid NOT NULL,
	"handed_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "bid_twin_bid_id_stage_pk" PRIMARY KEY("bid_id","stage")
);
--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "twin_ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "twin_closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "outage_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bid_twin" ADD CONSTRAINT "bid_twin_handed_by_person_id_fk" FOREIGN KEY ("handed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "outage_open" ON "outage" USING btree ("to") WHERE "outage"."made_good_at" is null;--> statement-breakpoint
CREATE INDEX "bid_twin_lot" ON "bid_twin" USING btree ("lot_id","round");