CREATE TABLE "eta_choices" (
	"market_id" text PRIMARY KEY NOT NULL,
	"version" integer,
	"pinned" boolean NOT NULL,
	"chosen_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "eta_models" (
	"market_id" text NOT NULL,
	"version" integer NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"format" integer NOT NULL,
	"learned_until_ms" bigint NOT NULL,
	"trials" jsonb NOT NULL,
	"models" jsonb NOT NULL,
	CONSTRAINT "eta_models_market_id_version_pk" PRIMARY KEY("market_id","version"),
	CONSTRAINT "eta_models_version" CHECK ("eta_models"."version" > 0)
);
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "delayed_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "items" integer;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "kitchen_load" integer;--> statement-breakpoint
ALTER TABLE "eta_choices" ADD CONSTRAINT "eta_choices_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eta_choices" ADD CONSTRAINT "eta_choices_market_id_version_eta_models_market_id_version_fk" FOREIGN KEY ("market_id","version") REFERENCES "public"."eta_models"("market_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eta_models" ADD CONSTRAINT "eta_models_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;