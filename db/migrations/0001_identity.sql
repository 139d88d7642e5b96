CREATE TABLE "witness" (
	"organisation_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"vkey" text NOT NULL,
	"registered_at" timestamp with time zone NOT NULL,
	CONSTRAINT "witness_name_unique" UNIQUE("name"),
	CONSTRAINT "witness_vkey_unique" UNIQUE("vkey")
);
--> statement-breakpoint
ALTER TABLE "certificate" ADD COLUMN "bound_by" uuid;--> statement-breakpoint
ALTER TABLE "membership" ADD COLUMN "is_admin" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "organisation" ADD COLUMN "roles" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "lot" ADD COLUMN "document_ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "lot" ADD COLUMN "terms_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "search" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "project" ADD COLUMN "calendar_version" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "witness" ADD CONSTRAINT "witness_organisation_id_organisation_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_bound_by_person_id_fk" FOREIGN KEY ("bound_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notice_search" ON "notice" USING gin ("search");