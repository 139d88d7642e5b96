CREATE TABLE "draw_booking" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"expert_id" uuid NOT NULL,
	"during" "tstzrange" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "draw_list" (
	"draw_id" uuid PRIMARY KEY NOT NULL,
	"eligible" text NOT NULL,
	"barred" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expert_pool" (
	"id" uuid PRIMARY KEY NOT NULL,
	"root" text NOT NULL,
	"size" integer NOT NULL,
	"tops" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "expert_pool_root_unique" UNIQUE("root")
);
--> statement-breakpoint
CREATE TABLE "expert_pool_page" (
	"pool_id" uuid NOT NULL,
	"page" integer NOT NULL,
	"first" "bytea" NOT NULL,
	"leaves" "bytea" NOT NULL,
	"members" "bytea" NOT NULL,
	CONSTRAINT "expert_pool_page_pool_id_page_pk" PRIMARY KEY("pool_id","page")
);
--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "unlock_asked_by" uuid;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "unlocked_by" uuid;--> statement-breakpoint
ALTER TABLE "draw" ADD COLUMN "unlocked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD COLUMN "urged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD COLUMN "reminded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_contact" ADD COLUMN "pledged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "draw_booking" ADD CONSTRAINT "draw_booking_contact_id_draw_contact_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."draw_contact"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_booking" ADD CONSTRAINT "draw_booking_expert_id_expert_id_fk" FOREIGN KEY ("expert_id") REFERENCES "public"."expert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw_list" ADD CONSTRAINT "draw_list_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expert_pool_page" ADD CONSTRAINT "expert_pool_page_pool_id_expert_pool_id_fk" FOREIGN KEY ("pool_id") REFERENCES "public"."expert_pool"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "expert_pool_first" ON "expert_pool_page" USING btree ("pool_id","first");--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_unlock_asked_by_person_id_fk" FOREIGN KEY ("unlock_asked_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draw" ADD CONSTRAINT "draw_unlocked_by_person_id_fk" FOREIGN KEY ("unlocked_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;