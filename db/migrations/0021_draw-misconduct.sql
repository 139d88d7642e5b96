CREATE TABLE "draw_misconduct" (
	"draw_id" uuid NOT NULL,
	"party" text NOT NULL,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "draw_misconduct_draw_id_party_kind_about_pk" PRIMARY KEY("draw_id","party","kind","about")
);
--> statement-breakpoint
ALTER TABLE "draw_misconduct" ADD CONSTRAINT "draw_misconduct_draw_id_draw_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."draw"("id") ON DELETE no action ON UPDATE no action;