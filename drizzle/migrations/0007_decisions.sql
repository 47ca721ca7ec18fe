CREATE TABLE "dispatch_decisions" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"round" integer NOT NULL,
	"version" text NOT NULL,
	"decided_at_ms" bigint NOT NULL,
	"record" "bytea" NOT NULL,
	CONSTRAINT "dispatch_decisions_market_id_id_pk" PRIMARY KEY("market_id","id")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "pinned_at_ms" bigint;--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "decision_id" uuid;--> statement-breakpoint
ALTER TABLE "dispatch_decisions" ADD CONSTRAINT "dispatch_decisions_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dispatch_decisions_round" ON "dispatch_decisions" USING btree ("market_id","round");--> statement-breakpoint
CREATE INDEX "dispatch_decisions_age" ON "dispatch_decisions" USING btree ("decided_at_ms");--> statement-breakpoint
ALTER TABLE "dispatch_decisions" ALTER COLUMN "record" SET STORAGE EXTERNAL;