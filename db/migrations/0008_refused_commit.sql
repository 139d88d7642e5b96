CREATE TABLE "award" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"bid_id" uuid NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"basis" jsonb NOT NULL,
	"awarded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "award_lot_id_round_pk" PRIMARY KEY("lot_id","round")
);
--> statement-breakpoint
CREATE TABLE "compliance_mark" (
	"bid_id" uuid NOT NULL,
	"expert_id" uuid NOT NULL,
	"item" text NOT NULL,
	"pass" boolean NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "compliance_mark_bid_id_expert_id_item_pk" PRIMARY KEY("bid_id","expert_id","item")
);
--> statement-breakpoint
CREATE TABLE "evaluation_report" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"content" text NOT NULL,
	"hash" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"sealed_at" timestamp with time zone,
	CONSTRAINT "evaluation_report_lot_id_round_pk" PRIMARY KEY("lot_id","round")
);
--> statement-breakpoint
CREATE TABLE "evaluation_sheet" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"expert_id" uuid NOT NULL,
	"sheet_hash" text NOT NULL,
	"locked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "evaluation_sheet_lot_id_round_expert_id_pk" PRIMARY KEY("lot_id","round","expert_id")
);
--> statement-breakpoint
CREATE TABLE "evaluation_signature" (
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"expert_id" uuid NOT NULL,
	"answer" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"statement" text NOT NULL,
	"cms" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "evaluation_signature_lot_id_round_expert_id_pk" PRIMARY KEY("lot_id","round","expert_id")
);
--> statement-breakpoint
CREATE TABLE "score_mark" (
	"bid_id" uuid NOT NULL,
	"expert_id" uuid NOT NULL,
	"item" text NOT NULL,
	"score" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "score_mark_bid_id_expert_id_item_pk" PRIMARY KEY("bid_id","expert_id","item")
);
--> statement-breakpoint
CREATE TABLE "refused_commit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"organisation_id" uuid NOT NULL,
	"code" text NOT NULL,
	"sentence" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "award" ADD CONSTRAINT "award_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "award" ADD CONSTRAINT "award_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compliance_mark" ADD CONSTRAINT "compliance_mark_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "compliance_mark" ADD CONSTRAINT "compliance_mark_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_report" ADD CONSTRAINT "evaluation_report_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_sheet" ADD CONSTRAINT "evaluation_sheet_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_sheet" ADD CONSTRAINT "evaluation_sheet_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_signature" ADD CONSTRAINT "evaluation_signature_lot_id_lot_id_fk" FOREIGN KEY ("lot_id") REFERENCES "public"."lot"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_signature" ADD CONSTRAINT "evaluation_signature_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "score_mark" ADD CONSTRAINT "score_mark_bid_id_bid_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bid"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "score_mark" ADD CONSTRAINT "score_mark_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refused_commit" ADD CONSTRAINT "refused_commit_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refused_commit_lot" ON "refused_commit" USING btree ("lot_id","round");