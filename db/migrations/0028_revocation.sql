CREATE TABLE "revocation_list" (
	"sha256" text PRIMARY KEY NOT NULL,
	"arrival" bigserial NOT NULL,
	"issuer" text NOT NULL,
	"issuer_name" text NOT NULL,
	"number" text,
	"this_update" timestamp with time zone NOT NULL,
	"next_update" timestamp with time zone NOT NULL,
	"revoked" integer NOT NULL,
	"der" "bytea" NOT NULL,
	"source" text NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	"taken_by" uuid
);
--> statement-breakpoint
CREATE TABLE "revocation_rule" (
	"version" integer PRIMARY KEY NOT NULL,
	"grace_hours" integer NOT NULL,
	"source" text NOT NULL,
	"in_force_from" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bid_act" ADD COLUMN "stamp" "bytea";--> statement-breakpoint
ALTER TABLE "revocation_list" ADD CONSTRAINT "revocation_list_taken_by_person_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "revocation_list_issuer" ON "revocation_list" USING btree ("issuer","arrival");--> statement-breakpoint
CREATE INDEX "revocation_list_arrival" ON "revocation_list" USING btree ("arrival");--> statement-breakpoint
CREATE INDEX "bid_act_unstamped" ON "bid_act" USING btree ("id") WHERE "bid_act"."stamp" is null;