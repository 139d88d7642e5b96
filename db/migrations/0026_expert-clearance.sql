CREATE TABLE "expert_clearance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"state" text NOT NULL,
	"act" text NOT NULL,
	"act_months" integer,
	"rule_id" uuid,
	"penalty_id" uuid,
	"points" integer DEFAULT 0 NOT NULL,
	"reason" text NOT NULL,
	"proposed_by" uuid NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"notice_id" uuid,
	"statement_until" timestamp with time zone NOT NULL,
	"statement" text,
	"stated_at" timestamp with time zone,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision" text,
	"event_id" uuid
);
--> statement-breakpoint
CREATE TABLE "expert_penalty" (
	"id" uuid PRIMARY KEY NOT NULL,
	"id_tag" text NOT NULL,
	"kind" text NOT NULL,
	"authority" text NOT NULL,
	"document" text NOT NULL,
	"decided_on" date NOT NULL,
	"facts" text NOT NULL,
	"by_person" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_by" uuid,
	"revoked_reason" text
);
--> statement-breakpoint
ALTER TABLE "expert_clearance" ADD CONSTRAINT "expert_clearance_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_clearance" ADD CONSTRAINT "expert_clearance_rule_id_expert_rule_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."expert_rule"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_clearance" ADD CONSTRAINT "expert_clearance_penalty_id_expert_penalty_id_fk" FOREIGN KEY ("penalty_id") REFERENCES "public"."expert_penalty"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_clearance" ADD CONSTRAINT "expert_clearance_proposed_by_person_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_clearance" ADD CONSTRAINT "expert_clearance_decided_by_person_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_clearance" ADD CONSTRAINT "expert_clearance_event_id_expert_event_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."expert_event"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_penalty" ADD CONSTRAINT "expert_penalty_by_person_person_id_fk" FOREIGN KEY ("by_person") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_penalty" ADD CONSTRAINT "expert_penalty_revoked_by_person_id_fk" FOREIGN KEY ("revoked_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "expert_clearance_open" ON "expert_clearance" USING btree ("expert_id") WHERE state = 'proposed';--> statement-breakpoint
CREATE INDEX "expert_clearance_state" ON "expert_clearance" USING btree ("state","proposed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "expert_penalty_once" ON "expert_penalty" USING btree ("id_tag","document");