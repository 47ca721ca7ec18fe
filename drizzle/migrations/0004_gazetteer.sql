CREATE TABLE "gazetteer_corners" (
	"market_id" text NOT NULL,
	"street_id" integer NOT NULL,
	"other_id" integer NOT NULL,
	"id" integer NOT NULL,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	CONSTRAINT "gazetteer_corners_market_id_street_id_other_id_id_pk" PRIMARY KEY("market_id","street_id","other_id","id")
);
--> statement-breakpoint
CREATE TABLE "gazetteer_doors" (
	"market_id" text NOT NULL,
	"street_id" integer NOT NULL,
	"number" integer NOT NULL,
	"suffix" text NOT NULL,
	"id" integer NOT NULL,
	"label" text NOT NULL,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"cell" text NOT NULL,
	CONSTRAINT "gazetteer_doors_market_id_street_id_number_suffix_id_pk" PRIMARY KEY("market_id","street_id","number","suffix","id")
);
--> statement-breakpoint
CREATE TABLE "gazetteer_entries" (
	"market_id" text NOT NULL,
	"id" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"address_line" text,
	"words" text[] NOT NULL,
	"rarities" real[] NOT NULL,
	"doors" integer NOT NULL,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"cell" text NOT NULL,
	CONSTRAINT "gazetteer_entries_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "gazetteer_entries_words" CHECK (cardinality("gazetteer_entries"."words") = cardinality("gazetteer_entries"."rarities"))
);
--> statement-breakpoint
CREATE TABLE "gazetteer_keys" (
	"market_id" text NOT NULL,
	"key" text NOT NULL,
	"words" text[] NOT NULL,
	CONSTRAINT "gazetteer_keys_market_id_key_pk" PRIMARY KEY("market_id","key")
);
--> statement-breakpoint
CREATE TABLE "gazetteer_pieces" (
	"market_id" text NOT NULL,
	"id" integer NOT NULL,
	"street_id" integer NOT NULL,
	"from_lat" double precision NOT NULL,
	"from_lng" double precision NOT NULL,
	"to_lat" double precision NOT NULL,
	"to_lng" double precision NOT NULL,
	"cell" text NOT NULL,
	CONSTRAINT "gazetteer_pieces_market_id_id_pk" PRIMARY KEY("market_id","id")
);
--> statement-breakpoint
CREATE TABLE "gazetteer_words" (
	"market_id" text NOT NULL,
	"word" text NOT NULL,
	"entry_ids" integer[] NOT NULL,
	CONSTRAINT "gazetteer_words_market_id_word_pk" PRIMARY KEY("market_id","word")
);
--> statement-breakpoint
CREATE TABLE "gazetteers" (
	"market_id" text PRIMARY KEY NOT NULL,
	"city_id" text NOT NULL,
	"attribution" text NOT NULL,
	"names" integer NOT NULL,
	"loaded_at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "gazetteers" ADD CONSTRAINT "gazetteers_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "gazetteer_doors_cell" ON "gazetteer_doors" USING btree ("market_id","cell");--> statement-breakpoint
CREATE INDEX "gazetteer_entries_quarters" ON "gazetteer_entries" USING btree ("market_id") WHERE "gazetteer_entries"."kind" = 'quarter';--> statement-breakpoint
CREATE INDEX "gazetteer_entries_places" ON "gazetteer_entries" USING btree ("market_id","cell") WHERE "gazetteer_entries"."kind" = 'place';--> statement-breakpoint
CREATE INDEX "gazetteer_pieces_cell" ON "gazetteer_pieces" USING btree ("market_id","cell");