CREATE TABLE "draw" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"kind" text NOT NULL,
	"number" integer NOT NULL,
	"draw_id" text NOT NULL,
	"state" text NOT NULL,
	"rules" jsonb NOT NULL,
	"avoid_box" "bytea" NOT NULL,
	"evaluation_at" timestamp with time zone NOT NULL,
	"city" text NOT NULL,
	"place" text NOT NULL,
	"hours" integer NOT NULL,
	"answer_seconds" integer NOT NULL,
	"reveal_seconds" integer NOT NULL,
	"requested_by" uuid NOT NULL,
	"approved_by" uuid,
	"approved_at" timestamp with time zone,
	"pool_root" text,
	"eligible" text,
	"excluded" text,
	"obstacle" jsonb,
	"secret_box" "bytea",
	"prelude_idx" bigint,
	"last_idx" bigint,
	"previous_size" bigint,
	"checkpoint_size" bigint,
	"checkpoint_note" text,
	"fixed_at" timestamp with time zone,
	"attempt" integer,
	"selected" jsonb,
	"alternates" jsonb,
	"drawn_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"void_reason" text,
	"void_asked_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "draw_draw_id_unique" UNIQUE("draw_id")
);
--> statement-breakpoint
CREATE TABLE "draw_contact" (
	"id" uuid PRIMARY KEY NOT NULL,
	"draw_id" uuid NOT NULL,
	"expert_id" uuid NOT NULL,
	"seat" text NOT NULL,
	"code_hash" text NOT NULL,
	"state" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"invited_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone,
	"arrived_at" timestamp with time zone,
	"declared_at" timestamp with time zone,
	CONSTRAINT "draw_contact_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
CREATE TABLE "draw_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"draw_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"c" text NOT NULL,
	"outcome" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"entry_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "draw_message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"draw_id" uuid NOT NULL,
	"t" text NOT NULL,
	"about" text NOT NULL,
	"party" text NOT NULL,
	"signed" text NOT NULL,
	"entry_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"box" "bytea" NOT NULL,
	"disc" text[] NOT NULL,
	"region_code" text NOT NULL,
	"employer_name" text NOT NULL,
	"employer_code" text,
	"state" text NOT NULL,
	"leaf" text NOT NULL,
	"person_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "expert_code_unique" UNIQUE("code"),
	CONSTRAINT "expert_leaf_unique" UNIQUE("leaf")
);
--> statement-breakpoint
CREATE TABLE "expert_avoid" (
	"expert_id" uuid NOT NULL,
	"organisation_name" text NOT NULL,
	"credit_code" text,
	"reason" text NOT NULL,
	CONSTRAINT "expert_avoid_expert_id_organisation_name_pk" PRIMARY KEY("expert_id","organisation_name")
);
--> statement-breakpoint
CREATE TABLE "expert_pool" (
	"root" text PRIMARY KEY NOT NULL,
	"size" integer NOT NULL,
	"leaves" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "party_agent" (
	"id" uuid PRIMARY KEY NOT NULL,
	"party" text NOT NULL,
	"organisation_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sign_key" text NOT NULL,
	"wrap_key" text NOT NULL,
	"registered_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_requested_by_organisation_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_approved_by_organisation_id_fk" FOREIGN KEY ("approved_by") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_void_asked_by_person_id_fk" FOREIGN KEY ("void_asked_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD CONSTRAINT "draw_contact_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD CONSTRAINT "draw_contact_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_event" ADD CONSTRAINT "draw_event_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_message" ADD CONSTRAINT "draw_message_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert" ADD CONSTRAINT "expert_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_avoid" ADD CONSTRAINT "expert_avoid_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party_agent" ADD CONSTRAINT "party_agent_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "draw_number" ON "draw" USING btree ("lot_id","round","kind","number");--> statement-breakpoint
CREATE INDEX "draw_state" ON "draw" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "draw_contact_once" ON "draw_contact" USING btree ("draw_id","expert_id");--> statement-breakpoint
CREATE INDEX "draw_contact_due" ON "draw_contact" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "draw_event_seq" ON "draw_event" USING btree ("draw_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "draw_message_once" ON "draw_message" USING btree ("draw_id","t","about");--> statement-breakpoint
CREATE INDEX "expert_state" ON "expert" USING btree ("state");--> statement-breakpoint
CREATE INDEX "expert_employer" ON "expert" USING btree ("employer_code");--> statement-breakpoint
CREATE UNIQUE INDEX "party_agent_once" ON "party_agent" USING btree ("organisation_id","party");