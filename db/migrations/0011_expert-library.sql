CREATE TABLE "draw_approval" (
	"draw_id" uuid NOT NULL,
	"step" smallint NOT NULL,
	"person_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "draw_approval_draw_id_step_pk" PRIMARY KEY("draw_id","step")
);
--> statement-breakpoint
CREATE TABLE "draw_lot" (
	"draw_id" uuid NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	CONSTRAINT "draw_lot_draw_id_lot_id_pk" PRIMARY KEY("draw_id","lot_id")
);
--> statement-breakpoint
CREATE TABLE "draw_representative" (
	"id" uuid PRIMARY KEY NOT NULL,
	"draw_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"box" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_appeal" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"state" text NOT NULL,
	"text" text NOT NULL,
	"filed_by" uuid NOT NULL,
	"filed_at" timestamp with time zone NOT NULL,
	"decision" text,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	CONSTRAINT "expert_appeal_event_id_unique" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "expert_application" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"state" text NOT NULL,
	"box" "bytea" NOT NULL,
	"recommended_by" uuid,
	"recommendation_letter" text,
	"recommendation" text,
	"recommended_at" timestamp with time zone,
	"decided_by" uuid,
	"decision" text,
	"decided_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"event" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"reason" text NOT NULL,
	"rule_id" uuid,
	"until" timestamp with time zone,
	"by_person" uuid,
	"at" timestamp with time zone NOT NULL,
	"notice_id" uuid
);
--> statement-breakpoint
CREATE TABLE "expert_import" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"file_hash" text NOT NULL,
	"file_name" text NOT NULL,
	"bytes" integer NOT NULL,
	"source" text NOT NULL,
	"mode" text NOT NULL,
	"rows" integer NOT NULL,
	"accepted" integer NOT NULL,
	"rejected" integer NOT NULL,
	"is_taken" boolean NOT NULL,
	"counts" jsonb NOT NULL,
	"by_person" uuid,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_import_issue" (
	"import_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"row" integer NOT NULL,
	"column_name" text NOT NULL,
	"rule" text NOT NULL,
	"detail" text NOT NULL,
	CONSTRAINT "expert_import_issue_import_id_seq_pk" PRIMARY KEY("import_id","seq")
);
--> statement-breakpoint
CREATE TABLE "expert_look" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"by_name" text NOT NULL,
	"organisation_name" text NOT NULL,
	"purpose" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_mark" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"lot_id" uuid,
	"rule_id" uuid NOT NULL,
	"points" integer NOT NULL,
	"note" text NOT NULL,
	"by_person" uuid NOT NULL,
	"by_role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "expert_rule" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"code" text NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"value" integer NOT NULL,
	"window_months" integer,
	"act" text,
	"act_months" integer,
	"source" text NOT NULL,
	"effective_on" date NOT NULL,
	"is_off" boolean DEFAULT false NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_training" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"name" text NOT NULL,
	"on_day" date NOT NULL,
	"hours" integer NOT NULL,
	"passed" boolean NOT NULL,
	"by_person" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "specialty" (
	"edition" text NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"level" integer NOT NULL,
	CONSTRAINT "specialty_edition_code_pk" PRIMARY KEY("edition","code")
);
--> statement-breakpoint
CREATE TABLE "specialty_edition" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"effective_on" date NOT NULL,
	"is_in_force" boolean DEFAULT false NOT NULL,
	"import_id" uuid,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_employment" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"organisation_name" text NOT NULL,
	"credit_code" text,
	"from_on" date NOT NULL,
	"until_on" date
);
--> statement-breakpoint
CREATE TABLE "expert_leave" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"cancelled_at" timestamp with time zone,
	CONSTRAINT "expert_leave_order" CHECK ("expert_leave"."from_at" < "expert_leave"."until_at")
);
--> statement-breakpoint
DROP INDEX "expert_state";--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "size" integer DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "is_complex" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "contact_by" text DEFAULT 'sms' NOT NULL;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "requested_by_person" uuid;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "id_tag" text NOT NULL;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "main_disc" text NOT NULL;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "edition" text DEFAULT '2018-316' NOT NULL;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "suspended_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "weekdays" smallint DEFAULT 127 NOT NULL;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "source" text DEFAULT 'seed' NOT NULL;--> statement-breakpoint
ALTER TABLE "expert" ADD COLUMN "import_id" uuid;--> statement-breakpoint
ALTER TABLE "expert_avoid" ADD COLUMN "kind" text DEFAULT 'other' NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_avoid" ADD COLUMN "relative_box" "bytea";--> statement-breakpoint
ALTER TABLE "draw_approval" ADD CONSTRAINT "draw_approval_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_approval" ADD CONSTRAINT "draw_approval_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_approval" ADD CONSTRAINT "draw_approval_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_lot" ADD CONSTRAINT "draw_lot_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_lot" ADD CONSTRAINT "draw_lot_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD CONSTRAINT "draw_representative_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_appeal" ADD CONSTRAINT "expert_appeal_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_appeal" ADD CONSTRAINT "expert_appeal_event_id_expert_event_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."expert_event"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_appeal" ADD CONSTRAINT "expert_appeal_filed_by_person_id_fk" FOREIGN KEY ("filed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_appeal" ADD CONSTRAINT "expert_appeal_decided_by_person_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_application" ADD CONSTRAINT "expert_application_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_application" ADD CONSTRAINT "expert_application_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_application" ADD CONSTRAINT "expert_application_recommended_by_person_id_fk" FOREIGN KEY ("recommended_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_application" ADD CONSTRAINT "expert_application_decided_by_person_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_event" ADD CONSTRAINT "expert_event_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_event" ADD CONSTRAINT "expert_event_by_person_person_id_fk" FOREIGN KEY ("by_person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_import" ADD CONSTRAINT "expert_import_by_person_person_id_fk" FOREIGN KEY ("by_person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_import_issue" ADD CONSTRAINT "expert_import_issue_import_id_expert_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."expert_import"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_look" ADD CONSTRAINT "expert_look_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_mark" ADD CONSTRAINT "expert_mark_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_mark" ADD CONSTRAINT "expert_mark_rule_id_expert_rule_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."expert_rule"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_mark" ADD CONSTRAINT "expert_mark_by_person_person_id_fk" FOREIGN KEY ("by_person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_rule" ADD CONSTRAINT "expert_rule_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_training" ADD CONSTRAINT "expert_training_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_training" ADD CONSTRAINT "expert_training_by_person_person_id_fk" FOREIGN KEY ("by_person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "specialty" ADD CONSTRAINT "specialty_edition_specialty_edition_id_fk" FOREIGN KEY ("edition") REFERENCES "public"."specialty_edition"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_employment" ADD CONSTRAINT "expert_employment_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_leave" ADD CONSTRAINT "expert_leave_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "draw_approval_person" ON "draw_approval" USING btree ("draw_id","person_id");--> statement-breakpoint
CREATE INDEX "draw_lot_lot" ON "draw_lot" USING btree ("lot_id");--> statement-breakpoint
CREATE UNIQUE INDEX "draw_representative_seq" ON "draw_representative" USING btree ("draw_id","seq");--> statement-breakpoint
CREATE INDEX "expert_appeal_state" ON "expert_appeal" USING btree ("state","filed_at");--> statement-breakpoint
CREATE INDEX "expert_appeal_expert" ON "expert_appeal" USING btree ("expert_id");--> statement-breakpoint
CREATE INDEX "expert_application_person" ON "expert_application" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "expert_application_state" ON "expert_application" USING btree ("state","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "expert_application_live" ON "expert_application" USING btree ("expert_id") WHERE state in ('submitted', 'recommended');--> statement-breakpoint
CREATE INDEX "expert_event_expert" ON "expert_event" USING btree ("expert_id","at");--> statement-breakpoint
CREATE INDEX "expert_event_at" ON "expert_event" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "expert_import_file" ON "expert_import" USING btree ("kind","file_hash","source","mode") WHERE is_taken;--> statement-breakpoint
CREATE INDEX "expert_look_expert" ON "expert_look" USING btree ("expert_id","at");--> statement-breakpoint
CREATE INDEX "expert_mark_expert" ON "expert_mark" USING btree ("expert_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "expert_mark_once" ON "expert_mark" USING btree ("expert_id","lot_id","rule_id","by_person");--> statement-breakpoint
CREATE UNIQUE INDEX "expert_rule_version" ON "expert_rule" USING btree ("kind","code","version");--> statement-breakpoint
CREATE UNIQUE INDEX "expert_training_once" ON "expert_training" USING btree ("expert_id","name","on_day");--> statement-breakpoint
CREATE INDEX "expert_employment_expert" ON "expert_employment" USING btree ("expert_id");--> statement-breakpoint
CREATE INDEX "expert_employment_code" ON "expert_employment" USING btree ("credit_code");--> statement-breakpoint
CREATE INDEX "expert_employment_name" ON "expert_employment" USING btree ("organisation_name");--> statement-breakpoint
CREATE INDEX "expert_leave_expert" ON "expert_leave" USING btree ("expert_id");--> statement-breakpoint
CREATE INDEX "expert_leave_time" ON "expert_leave" USING btree ("until_at","from_at") WHERE cancelled_at is null;--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_requested_by_person_person_id_fk" FOREIGN KEY ("requested_by_person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "draw_evaluation" ON "draw" USING btree ("evaluation_at");--> statement-breakpoint
CREATE INDEX "expert_employer_name" ON "expert" USING btree ("employer_name");--> statement-breakpoint
CREATE INDEX "expert_person" ON "expert" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "expert_weekdays" ON "expert" USING btree ("weekdays") WHERE weekdays <> 127;--> statement-breakpoint
CREATE INDEX "expert_avoid_code" ON "expert_avoid" USING btree ("credit_code");--> statement-breakpoint
CREATE INDEX "expert_avoid_name" ON "expert_avoid" USING btree ("organisation_name");--> statement-breakpoint
CREATE INDEX "expert_state" ON "expert" USING btree ("state") WHERE state <> 'active';--> statement-breakpoint
ALTER TABLE "expert" ADD CONSTRAINT "expert_id_tag_unique" UNIQUE("id_tag");--> statement-breakpoint
ALTER TABLE "expert" ADD CONSTRAINT "expert_disc" CHECK (cardinality("expert"."disc") between 1 and 3 and "expert"."main_disc" = any("expert"."disc"));