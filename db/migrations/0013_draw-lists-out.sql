DROP TABLE "expert_pool" CASCADE;--> statement-breakpoint
ALTER TABLE "draw" DROP COLUMN "eligible";--> statement-breakpoint
ALTER TABLE "draw" DROP COLUMN "excluded";