CREATE TABLE "move_suggestions" (
	"market_id" text NOT NULL,
	"courier_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"decision_id" uuid,
	"made_at_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"way_ms" integer NOT NULL,
	"ended_at_ms" bigint,
	"ended" text,
	CONSTRAINT "move_suggestions_market_id_courier_id_pk" PRIMARY KEY("market_id","courier_id"),
	CONSTRAINT "move_suggestions_ended" CHECK (("move_suggestions"."ended_at_ms" is null) = ("move_suggestions"."ended" is null))
);
--> statement-breakpoint
ALTER TABLE "markets" ADD COLUMN "moves_at_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "move_suggestions" ADD CONSTRAINT "move_suggestions_market_id_courier_id_couriers_market_id_id_fk" FOREIGN KEY ("market_id","courier_id") REFERENCES "public"."couriers"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "move_suggestions" ADD CONSTRAINT "move_suggestions_market_id_restaurant_id_restaurants_market_id_id_fk" FOREIGN KEY ("market_id","restaurant_id") REFERENCES "public"."restaurants"("market_id","id") ON DELETE no action ON UPDATE no action;