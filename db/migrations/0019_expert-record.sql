ALTER TABLE "expert_appeal" DROP CONSTRAINT "expert_appeal_filed_by_person_id_fk";
--> statement-breakpoint
ALTER TABLE "expert_application" DROP CONSTRAINT "expert_application_person_id_person_id_fk";
--> statement-breakpoint
DROP INDEX "expert_application_person";--> statement-breakpoint
ALTER TABLE "specialty_edition" ALTER COLUMN "effective_on" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "expert_application" ADD COLUMN "owner_tag" text NOT NULL;--> statement-breakpoint
CREATE INDEX "expert_application_owner" ON "expert_application" USING btree ("owner_tag");--> statement-breakpoint
ALTER TABLE "expert_appeal" DROP COLUMN "filed_by";--> statement-breakpoint
ALTER TABLE "expert_application" DROP COLUMN "person_id";