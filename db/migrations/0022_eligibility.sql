CREATE TABLE "debarment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"credit_code" text NOT NULL,
	"name" text NOT NULL,
	"reason" text NOT NULL,
	"source" text NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"entered_by" uuid NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"end_reason" text
);
--> statement-breakpoint
CREATE TABLE "prequalification" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"published_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prequalified" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_tag" "bytea" NOT NULL,
	CONSTRAINT "prequalified_owner_tag_unique" UNIQUE("owner_tag")
);
--> statement-breakpoint
ALTER TABLE "prequalification" ADD CONSTRAINT "prequalification_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "prequalification_lot" ON "prequalification" USING btree ("lot_id","round");