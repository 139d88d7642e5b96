CREATE TABLE "expert_import_batch" (
	"import_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"rows" text NOT NULL,
	CONSTRAINT "expert_import_batch_import_id_seq_pk" PRIMARY KEY("import_id","seq")
);
--> statement-breakpoint
CREATE TABLE "expert_import_part" (
	"import_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"box" "bytea" NOT NULL,
	CONSTRAINT "expert_import_part_import_id_seq_pk" PRIMARY KEY("import_id","seq")
);
--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "state" text DEFAULT 'done' NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "number" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "bytes_done" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "staged" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "gone" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "lease" uuid;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "leased_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "touched_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "finished_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "expert_import" ADD COLUMN "problem" jsonb;--> statement-breakpoint
ALTER TABLE "expert_import_batch" ADD CONSTRAINT "expert_import_batch_import_id_expert_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."expert_import"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_import_part" ADD CONSTRAINT "expert_import_part_import_id_expert_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."expert_import"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "expert_import_state" ON "expert_import" USING btree ("state");--> statement-breakpoint
-- Both hold sealed bytes: looking for something to compress in them costs time and finds nothing.
ALTER TABLE "expert_import_part" ALTER COLUMN "box" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "expert_import_batch" ALTER COLUMN "rows" SET STORAGE EXTERNAL;
