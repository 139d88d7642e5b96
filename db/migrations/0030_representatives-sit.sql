ALTER TABLE "compliance_mark" DROP CONSTRAINT "compliance_mark_expert_id_expert_id_fk";
--> statement-breakpoint
ALTER TABLE "evaluation_sheet" DROP CONSTRAINT "evaluation_sheet_expert_id_expert_id_fk";
--> statement-breakpoint
ALTER TABLE "evaluation_signature" DROP CONSTRAINT "evaluation_signature_expert_id_expert_id_fk";
--> statement-breakpoint
ALTER TABLE "score_mark" DROP CONSTRAINT "score_mark_expert_id_expert_id_fk";
--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "state" text DEFAULT 'named' NOT NULL;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "replaces" uuid;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "code_hash" text;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "person_id" uuid;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "invited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "answered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "arrived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "pledged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD COLUMN "declared_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_representative" ADD CONSTRAINT "draw_representative_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "draw_representative_person" ON "draw_representative" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "draw_representative_state" ON "draw_representative" USING btree ("state") WHERE state = 'named';--> statement-breakpoint
ALTER TABLE "draw_representative" ADD CONSTRAINT "draw_representative_replaces_unique" UNIQUE("replaces");--> statement-breakpoint
ALTER TABLE "draw_representative" ADD CONSTRAINT "draw_representative_code_hash_unique" UNIQUE("code_hash");