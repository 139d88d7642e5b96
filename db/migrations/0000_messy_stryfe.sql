CREATE TABLE "calendar_year" (
	"year" integer PRIMARY KEY NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "holiday" (
	"on" date PRIMARY KEY NOT NULL,
	"is_workday" boolean NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stored_file" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text NOT NULL,
	"audience" text NOT NULL,
	"is_erased" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_token" (
	"id" uuid PRIMARY KEY NOT NULL,
	"membership_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"label" text NOT NULL,
	"scopes" text[] DEFAULT '{}'::text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_token_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "certificate" (
	"fingerprint" text PRIMARY KEY NOT NULL,
	"organisation_id" uuid,
	"person_id" uuid,
	"use" text NOT NULL,
	"suite" text NOT NULL,
	"subject" text NOT NULL,
	"serial" text NOT NULL,
	"der" "bytea" NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"not_after" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"is_sandbox" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "certificate_owner" CHECK (("certificate"."organisation_id" is null) <> ("certificate"."person_id" is null))
);
--> statement-breakpoint
CREATE TABLE "login_challenge" (
	"id" uuid PRIMARY KEY NOT NULL,
	"nonce" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"role" text NOT NULL,
	"region_prefix" text DEFAULT '' NOT NULL,
	"sector" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "organisation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"credit_code" text NOT NULL,
	"name" text NOT NULL,
	"region_code" text NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"contact" text DEFAULT '' NOT NULL,
	"phone" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "organisation_credit_code_unique" UNIQUE("credit_code")
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"login" text NOT NULL,
	"name" text NOT NULL,
	"phone" text DEFAULT '' NOT NULL,
	"password_hash" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "person_login_unique" UNIQUE("login")
);
--> statement-breakpoint
CREATE TABLE "rate_window" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"membership_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "log_checkpoint" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"is_public" boolean DEFAULT false NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"tsa_token" "bytea",
	"cosignature" text,
	"cosigned_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "log_leaf" (
	"idx" bigint PRIMARY KEY NOT NULL,
	"leaf" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_node" (
	"level" integer NOT NULL,
	"idx" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "log_node_level_idx_pk" PRIMARY KEY("level","idx")
);
--> statement-breakpoint
CREATE TABLE "log_payload" (
	"idx" bigint PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"box" "bytea",
	"lot_id" uuid,
	"action" text,
	CONSTRAINT "log_payload_entry_id_unique" UNIQUE("entry_id")
);
--> statement-breakpoint
CREATE TABLE "log_pending" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"leaf" "bytea" NOT NULL,
	"box" "bytea" NOT NULL,
	"lot_id" uuid,
	"action" text
);
--> statement-breakpoint
CREATE TABLE "notification" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"box" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"membership_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"body" "bytea",
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_membership_id_key_pk" PRIMARY KEY("membership_id","key")
);
--> statement-breakpoint
CREATE TABLE "number_series" (
	"series" text PRIMARY KEY NOT NULL,
	"last" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"job" text NOT NULL,
	"payload" jsonb NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bid" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"organisation_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"state" text NOT NULL,
	"statement" text NOT NULL,
	"statement_hash" text NOT NULL,
	"cms" "bytea" NOT NULL,
	"leaf_idx" bigint NOT NULL,
	"committed_at" timestamp with time zone NOT NULL,
	"fault_party" text,
	"reason" text,
	CONSTRAINT "bid_statement_hash_unique" UNIQUE("statement_hash"),
	CONSTRAINT "bid_fault" CHECK ("bid"."state" not in ('revoked', 'withdrawn', 'refused') or "bid"."reason" is not null)
);
--> statement-breakpoint
CREATE TABLE "bid_act" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_tag" "bytea" NOT NULL,
	"box" "bytea" NOT NULL,
	"opened_at" timestamp with time zone,
	CONSTRAINT "bid_act_owner_tag_unique" UNIQUE("owner_tag")
);
--> statement-breakpoint
CREATE TABLE "bid_file" (
	"id" uuid PRIMARY KEY NOT NULL,
	"bid_id" uuid NOT NULL,
	"file_id" text NOT NULL,
	"role" text NOT NULL,
	"stage" text NOT NULL,
	"size" bigint NOT NULL,
	"root" text NOT NULL,
	"upload_id" uuid NOT NULL,
	"plain_file_id" uuid,
	"problem" text
);
--> statement-breakpoint
CREATE TABLE "upload" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_tag" "bytea" NOT NULL,
	"size" bigint NOT NULL,
	"root_sha256" text,
	"root_sm3" text,
	"completed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_release" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"bid_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"part" text NOT NULL,
	"by_organisation_id" uuid NOT NULL,
	"box" "bytea" NOT NULL,
	"fits" boolean NOT NULL,
	"message_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "opening" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"phase" text NOT NULL,
	"close_payload" text,
	"close_entry_id" uuid,
	"close_idx" bigint,
	"deadline_size" bigint,
	"counted" integer,
	"release_ends_at" timestamp with time zone,
	"objection_ends_at" timestamp with time zone,
	"confirm_ends_at" timestamp with time zone,
	"record_file_id" uuid,
	"next_check_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "opening_confirmation" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"organisation_id" uuid NOT NULL,
	"answer" text NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"reply" text,
	"cms" "bytea",
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "opening_confirmation_lot_id_round_organisation_id_pk" PRIMARY KEY("lot_id","round","organisation_id")
);
--> statement-breakpoint
CREATE TABLE "opening_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"facts" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "paper" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"file_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"entry_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "read_out" (
	"bid_id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"price_fen" bigint NOT NULL,
	"form" jsonb NOT NULL,
	"read_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "release_message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"message_hash" text NOT NULL,
	"box" "bytea" NOT NULL,
	"cms" "bytea" NOT NULL,
	"entry_id" uuid NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "release_message_message_hash_unique" UNIQUE("message_hash")
);
--> statement-breakpoint
CREATE TABLE "stage_key" (
	"bid_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"box" "bytea" NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	CONSTRAINT "stage_key_bid_id_stage_pk" PRIMARY KEY("bid_id","stage")
);
--> statement-breakpoint
CREATE TABLE "lot" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"content" text NOT NULL,
	"qualification" text NOT NULL,
	"round" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"region_code" text NOT NULL,
	"sector" text NOT NULL,
	"ceiling_fen" bigint NOT NULL,
	"suite" text NOT NULL,
	"release_mode" text NOT NULL,
	"threshold" integer NOT NULL,
	"release_seconds" integer NOT NULL,
	"scoring" jsonb NOT NULL,
	"bidding_starts_at" timestamp with time zone,
	"bidding_ends_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"next_check_at" timestamp with time zone,
	"fail_reason" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "lot_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "lot_custodian" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"idx" integer NOT NULL,
	"organisation_id" uuid NOT NULL,
	"interest_group" text NOT NULL,
	"lot_key" text,
	"lot_key_message" text,
	"lot_key_cms" "bytea",
	"wrapped_key" "bytea",
	"policy_cms" "bytea",
	"keyed_at" timestamp with time zone,
	"cosigned_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"body_hash" text NOT NULL,
	"bidding_ends_at" timestamp with time zone,
	"period_ends_at" timestamp with time zone,
	"paper_file_id" uuid,
	"supersedes" uuid,
	"published_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "project" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"region_code" text NOT NULL,
	"sector" text NOT NULL,
	"kind" text NOT NULL,
	"method" text NOT NULL,
	"edition" text NOT NULL,
	"is_to_law" boolean NOT NULL,
	"agency_id" uuid NOT NULL,
	"tenderer_name" text NOT NULL,
	"tenderer_code" text NOT NULL,
	"fund_source" text NOT NULL,
	"scale" text NOT NULL,
	"contact" text NOT NULL,
	"phone" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "project_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "sealing_policy" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"payload" text NOT NULL,
	"agency_cms" "bytea" NOT NULL,
	"completed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sealing_policy_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "tender_document" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"title" text NOT NULL,
	"file_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_membership_id_membership_id_fk" FOREIGN KEY ("membership_id") REFERENCES "public"."membership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership" ADD CONSTRAINT "membership_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_membership_id_membership_id_fk" FOREIGN KEY ("membership_id") REFERENCES "public"."membership"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bid" ADD CONSTRAINT "bid_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bid" ADD CONSTRAINT "bid_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bid_file" ADD CONSTRAINT "bid_file_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_release" ADD CONSTRAINT "key_release_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_release" ADD CONSTRAINT "key_release_by_organisation_id_organisation_id_fk" FOREIGN KEY ("by_organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening" ADD CONSTRAINT "opening_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_confirmation" ADD CONSTRAINT "opening_confirmation_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "read_out" ADD CONSTRAINT "read_out_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stage_key" ADD CONSTRAINT "stage_key_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lot" ADD CONSTRAINT "lot_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lot_custodian" ADD CONSTRAINT "lot_custodian_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lot_custodian" ADD CONSTRAINT "lot_custodian_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project" ADD CONSTRAINT "project_agency_id_organisation_id_fk" FOREIGN KEY ("agency_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sealing_policy" ADD CONSTRAINT "sealing_policy_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tender_document" ADD CONSTRAINT "tender_document_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificate_organisation" ON "certificate" USING btree ("organisation_id");--> statement-breakpoint
CREATE INDEX "certificate_person" ON "certificate" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "membership_person" ON "membership" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "membership_once" ON "membership" USING btree ("person_id","organisation_id","role");--> statement-breakpoint
CREATE INDEX "log_checkpoint_public" ON "log_checkpoint" USING btree ("size") WHERE "log_checkpoint"."is_public";--> statement-breakpoint
CREATE INDEX "log_payload_lot" ON "log_payload" USING btree ("lot_id","idx");--> statement-breakpoint
CREATE INDEX "notification_created" ON "notification" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("due_at") WHERE "outbox"."done_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "bid_seq" ON "bid" USING btree ("lot_id","round","organisation_id","seq");--> statement-breakpoint
CREATE INDEX "bid_act_sealed" ON "bid_act" USING btree ("id") WHERE "bid_act"."opened_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "bid_file_role" ON "bid_file" USING btree ("bid_id","role");--> statement-breakpoint
CREATE INDEX "bid_file_bid" ON "bid_file" USING btree ("bid_id");--> statement-breakpoint
CREATE UNIQUE INDEX "key_release_once" ON "key_release" USING btree ("bid_id","stage","part");--> statement-breakpoint
CREATE UNIQUE INDEX "opening_round" ON "opening" USING btree ("lot_id","round");--> statement-breakpoint
CREATE INDEX "opening_due" ON "opening" USING btree ("next_check_at");--> statement-breakpoint
CREATE UNIQUE INDEX "opening_event_seq" ON "opening_event" USING btree ("lot_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "paper_version" ON "paper" USING btree ("lot_id","kind","version");--> statement-breakpoint
CREATE INDEX "lot_project" ON "lot" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "lot_due" ON "lot" USING btree ("next_check_at");--> statement-breakpoint
CREATE INDEX "lot_open" ON "lot" USING btree ("bidding_ends_at") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "lot_state" ON "lot" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "lot_custodian_idx" ON "lot_custodian" USING btree ("lot_id","round","idx");--> statement-breakpoint
CREATE UNIQUE INDEX "notice_version" ON "notice" USING btree ("lot_id","kind","version");--> statement-breakpoint
CREATE INDEX "notice_published" ON "notice" USING btree ("published_at");--> statement-breakpoint
CREATE INDEX "project_agency" ON "project" USING btree ("agency_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sealing_policy_version" ON "sealing_policy" USING btree ("lot_id","round","version");--> statement-breakpoint
CREATE UNIQUE INDEX "tender_document_version" ON "tender_document" USING btree ("lot_id","version");