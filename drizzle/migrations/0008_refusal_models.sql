CREATE TABLE "refusal_choices" (
	"market_id" text PRIMARY KEY NOT NULL,
	"version" integer,
	"pinned" boolean NOT NULL,
	"chosen_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refusal_models" (
	"market_id" text NOT NULL,
	"version" integer NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"format" integer NOT NULL,
	"learned_until_ms" bigint NOT NULL,
	"trials" jsonb NOT NULL,
	"models" jsonb NOT NULL,
	CONSTRAINT "refusal_models_market_id_version_pk" PRIMARY KEY("market_id","version"),
	CONSTRAINT "refusal_models_version" CHECK ("refusal_models"."version" > 0)
);
--> statement-breakpoint
ALTER TABLE "refusal_choices" ADD CONSTRAINT "refusal_choices_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refusal_choices" ADD CONSTRAINT "refusal_choices_version_fk" FOREIGN KEY ("market_id","version") REFERENCES "public"."refusal_models"("market_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refusal_models" ADD CONSTRAINT "refusal_models_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;