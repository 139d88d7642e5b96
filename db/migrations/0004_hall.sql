CREATE TABLE "hall_case" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"item_id" uuid NOT NULL,
	"state" text NOT NULL,
	"region_code" text NOT NULL,
	"applicant_person_id" uuid NOT NULL,
	"applicant_organisation_id" uuid NOT NULL,
	"applicant_box" "bytea" NOT NULL,
	"calendar_version" text NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"notice_due_on" date NOT NULL,
	"correction_asked_at" timestamp with time zone,
	"accepted_at" timestamp with time zone,
	"is_accepted_by_default" boolean DEFAULT false NOT NULL,
	"receiver_id" uuid,
	"promised_on" date,
	"legal_due_on" date,
	"is_provisional" boolean NOT NULL,
	"overdue_at" timestamp with time zone,
	"approver_id" uuid,
	"decided_at" timestamp with time zone,
	"next_check_at" timestamp with time zone,
	CONSTRAINT "hall_case_number_unique" UNIQUE("number"),
	CONSTRAINT "hall_case_two_people" CHECK ("hall_case"."approver_id" is null or "hall_case"."receiver_id" is null or "hall_case"."approver_id" <> "hall_case"."receiver_id")
);
--> statement-breakpoint
CREATE TABLE "hall_material" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"code" text NOT NULL,
	"file_id" uuid NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"replaced_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "hall_step" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"action" text NOT NULL,
	"text" text NOT NULL,
	"paper_number" text DEFAULT '' NOT NULL,
	"actor_name" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"entry_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_item" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"case_kind" text NOT NULL,
	"region_code" text NOT NULL,
	"organisation_id" uuid NOT NULL,
	"legal_days" integer NOT NULL,
	"promised_days" integer NOT NULL,
	"materials" jsonb NOT NULL,
	"guide" jsonb NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "complaint" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"case_id" uuid,
	"region_code" text NOT NULL,
	"person_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"text" text NOT NULL,
	"filed_at" timestamp with time zone NOT NULL,
	"due_on" date NOT NULL,
	"is_extended" boolean DEFAULT false NOT NULL,
	"extension_reason" text DEFAULT '' NOT NULL,
	"answer" text DEFAULT '' NOT NULL,
	"answerer_id" uuid,
	"answered_at" timestamp with time zone,
	CONSTRAINT "complaint_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "rating" (
	"case_id" uuid PRIMARY KEY NOT NULL,
	"item_id" uuid NOT NULL,
	"stars" integer NOT NULL,
	"text" text NOT NULL,
	"rated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rating_stars" CHECK ("rating"."stars" between 1 and 5)
);
--> statement-breakpoint
ALTER TABLE "hall_case" ADD CONSTRAINT "hall_case_item_id_service_item_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."service_item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_case" ADD CONSTRAINT "hall_case_applicant_person_id_person_id_fk" FOREIGN KEY ("applicant_person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_case" ADD CONSTRAINT "hall_case_applicant_organisation_id_organisation_id_fk" FOREIGN KEY ("applicant_organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_case" ADD CONSTRAINT "hall_case_receiver_id_person_id_fk" FOREIGN KEY ("receiver_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_case" ADD CONSTRAINT "hall_case_approver_id_person_id_fk" FOREIGN KEY ("approver_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_material" ADD CONSTRAINT "hall_material_case_id_hall_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."hall_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_material" ADD CONSTRAINT "hall_material_file_id_stored_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_file"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hall_step" ADD CONSTRAINT "hall_step_case_id_hall_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."hall_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_item" ADD CONSTRAINT "service_item_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_case_id_hall_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."hall_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_answerer_id_person_id_fk" FOREIGN KEY ("answerer_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating" ADD CONSTRAINT "rating_case_id_hall_case_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."hall_case"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating" ADD CONSTRAINT "rating_item_id_service_item_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."service_item"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hall_case_person" ON "hall_case" USING btree ("applicant_person_id","submitted_at");--> statement-breakpoint
CREATE INDEX "hall_case_state" ON "hall_case" USING btree ("state","submitted_at");--> statement-breakpoint
CREATE INDEX "hall_case_due" ON "hall_case" USING btree ("next_check_at") WHERE "hall_case"."next_check_at" is not null;--> statement-breakpoint
CREATE INDEX "hall_material_case" ON "hall_material" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "hall_step_case" ON "hall_step" USING btree ("case_id","ordinal");--> statement-breakpoint
CREATE UNIQUE INDEX "service_item_version" ON "service_item" USING btree ("code","version");--> statement-breakpoint
CREATE INDEX "complaint_state" ON "complaint" USING btree ("state","due_on");--> statement-breakpoint
CREATE INDEX "complaint_person" ON "complaint" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "rating_item" ON "rating" USING btree ("item_id");