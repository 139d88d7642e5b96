CREATE TABLE "attendance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_tag" "bytea" NOT NULL,
	"box" "bytea" NOT NULL,
	"lot_id" uuid,
	"round" integer,
	"organisation_id" uuid,
	"person_id" uuid,
	"role" text,
	"at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	CONSTRAINT "attendance_owner_tag_unique" UNIQUE("owner_tag")
);
--> statement-breakpoint
CREATE TABLE "opening_act" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"cause" text NOT NULL,
	"reason" text NOT NULL,
	"facts" jsonb NOT NULL,
	"proposed_by" uuid NOT NULL,
	"proposed_for" uuid NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision" text
);
--> statement-breakpoint
CREATE TABLE "opening_parameter" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"transcript" text NOT NULL,
	"entry_id" uuid NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	CONSTRAINT "opening_parameter_lot_id_round_pk" PRIMARY KEY("lot_id","round")
);
--> statement-breakpoint
CREATE TABLE "outage" (
	"id" uuid PRIMARY KEY NOT NULL,
	"part" text NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "process_beat" (
	"part" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_room" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"version" integer NOT NULL,
	"organisation_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"base_file_id" uuid NOT NULL,
	"digest" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_signature" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"organisation_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"form" text NOT NULL,
	"version" integer NOT NULL,
	"file_id" uuid NOT NULL,
	"size" bigint NOT NULL,
	"fingerprint" text NOT NULL,
	"cms" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "record_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "sign_ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "stage" text;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "passed_bid_ids" uuid[];--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "adjourned_from" text;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "left_seconds" integer;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "resumes_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "opening" ADD COLUMN "outage_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "lot" ADD COLUMN "opening_terms" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "opening_act" ADD CONSTRAINT "opening_act_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_act" ADD CONSTRAINT "opening_act_proposed_by_person_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_act" ADD CONSTRAINT "opening_act_proposed_for_organisation_id_fk" FOREIGN KEY ("proposed_for") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_act" ADD CONSTRAINT "opening_act_decided_by_person_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_parameter" ADD CONSTRAINT "opening_parameter_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_signature" ADD CONSTRAINT "record_signature_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_signature" ADD CONSTRAINT "record_signature_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attendance_lot" ON "attendance" USING btree ("lot_id","round");--> statement-breakpoint
CREATE INDEX "attendance_sealed" ON "attendance" USING btree ("id") WHERE "attendance"."opened_at" is null;--> statement-breakpoint
CREATE INDEX "opening_act_lot" ON "opening_act" USING btree ("lot_id","round");--> statement-breakpoint
CREATE UNIQUE INDEX "opening_act_open" ON "opening_act" USING btree ("lot_id","round","kind") WHERE "opening_act"."state" = 'proposed';--> statement-breakpoint
CREATE INDEX "outage_time" ON "outage" USING btree ("to_at");--> statement-breakpoint
CREATE INDEX "record_room_lot" ON "record_room" USING btree ("lot_id","round");--> statement-breakpoint
CREATE UNIQUE INDEX "record_signature_once" ON "record_signature" USING btree ("lot_id","round","organisation_id");