CREATE TABLE "deliveries" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"status" text NOT NULL,
	"courier_id" uuid,
	"slot" integer,
	"stop_order" integer,
	"version" integer DEFAULT 0 NOT NULL,
	"excluded_courier_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"assigned_at_ms" bigint,
	"arrived_at_merchant_at_ms" bigint,
	"picked_up_at_ms" bigint,
	"arrived_at_customer_at_ms" bigint,
	"delivered_at_ms" bigint,
	"ended_at_ms" bigint,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "deliveries_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "deliveries_held" CHECK (("deliveries"."courier_id" is null) = ("deliveries"."slot" is null)),
	CONSTRAINT "deliveries_pending_unheld" CHECK (("deliveries"."status" = 'PENDING') = ("deliveries"."courier_id" is null) or "deliveries"."status" = 'CANCELLED'),
	CONSTRAINT "deliveries_ended" CHECK (("deliveries"."status" in ('DELIVERY_FINISHED','RETURNED_TO_MERCHANT','CANCELLED')) = ("deliveries"."ended_at_ms" is not null))
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"person_id" uuid NOT NULL,
	"key" text NOT NULL,
	"command" text NOT NULL,
	"request_hash" text NOT NULL,
	"answer" jsonb,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "idempotency_keys_person_id_key_pk" PRIMARY KEY("person_id","key"),
	CONSTRAINT "idempotency_keys_length" CHECK (length("idempotency_keys"."key") between 8 and 128)
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"payload" jsonb NOT NULL,
	"run_at_ms" bigint NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"done_at_ms" bigint,
	"failed_reason" text,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "jobs_market_id_id_pk" PRIMARY KEY("market_id","id")
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"market_id" text NOT NULL,
	"transaction_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"account" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "ledger_entries_market_id_transaction_id_position_pk" PRIMARY KEY("market_id","transaction_id","position"),
	CONSTRAINT "ledger_entries_nonzero" CHECK ("ledger_entries"."amount_minor" <> 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_transactions" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"reference" text NOT NULL,
	"order_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"at_ms" bigint NOT NULL,
	CONSTRAINT "ledger_transactions_market_id_id_pk" PRIMARY KEY("market_id","id")
);
--> statement-breakpoint
CREATE TABLE "offer_deliveries" (
	"market_id" text NOT NULL,
	"offer_id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"open" boolean NOT NULL,
	CONSTRAINT "offer_deliveries_market_id_offer_id_delivery_id_pk" PRIMARY KEY("market_id","offer_id","delivery_id")
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"courier_id" uuid NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"status" text NOT NULL,
	"round" integer NOT NULL,
	"offered_at_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"answered_at_ms" bigint,
	"decline_reason" text,
	"pay_minor" bigint NOT NULL,
	"reason" jsonb NOT NULL,
	CONSTRAINT "offers_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "offers_answered" CHECK (("offers"."status" = 'offered') = ("offers"."answered_at_ms" is null))
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"actor_role" text NOT NULL,
	"actor_id" uuid,
	"at_ms" bigint NOT NULL,
	"order_id" uuid,
	"order_seq" integer,
	"restaurant_id" uuid,
	"restaurant_seq" integer,
	"courier_id" uuid,
	"courier_seq" integer,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "order_events_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "order_events_streams" CHECK (num_nonnulls("order_events"."order_seq", "order_events"."restaurant_seq", "order_events"."courier_seq") > 0
        and ("order_events"."order_seq" is null or "order_events"."order_id" is not null)
        and ("order_events"."restaurant_seq" is null or "order_events"."restaurant_id" is not null)
        and ("order_events"."courier_seq" is null or "order_events"."courier_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"market_id" text NOT NULL,
	"order_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"item_id" uuid NOT NULL,
	"name" text NOT NULL,
	"quantity" integer NOT NULL,
	"unit_minor" bigint NOT NULL,
	"total_minor" bigint NOT NULL,
	"modifiers" jsonb NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	CONSTRAINT "order_lines_market_id_order_id_position_pk" PRIMARY KEY("market_id","order_id","position"),
	CONSTRAINT "order_lines_quantity" CHECK ("order_lines"."quantity" between 1 and 99),
	CONSTRAINT "order_lines_total" CHECK ("order_lines"."total_minor" = "order_lines"."unit_minor" * "order_lines"."quantity" and "order_lines"."unit_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"status" text NOT NULL,
	"kind" text NOT NULL,
	"currency" text NOT NULL,
	"price" jsonb NOT NULL,
	"total_minor" bigint NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"drop_line" text,
	"drop_instructions" text,
	"drop_lat" double precision,
	"drop_lng" double precision,
	"zone" text NOT NULL,
	"placed_at_ms" bigint NOT NULL,
	"created_at_ms" bigint,
	"confirmed_at_ms" bigint,
	"ready_at_ms" bigint,
	"picked_up_at_ms" bigint,
	"delivered_at_ms" bigint,
	"ended_at_ms" bigint,
	"ready_estimate_at_ms" bigint,
	"pay_by_at_ms" bigint,
	"confirm_by_at_ms" bigint,
	"conclude_at_ms" bigint,
	"promised_p50_at_ms" bigint,
	"promised_p90_at_ms" bigint,
	"eta_p50_at_ms" bigint,
	"eta_p90_at_ms" bigint,
	"end_reason" text,
	CONSTRAINT "orders_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "orders_total" CHECK ("orders"."total_minor" >= 0),
	CONSTRAINT "orders_drop" CHECK (("orders"."kind" = 'takeaway') = ("orders"."drop_lat" is null) and ("orders"."drop_lat" is null) = ("orders"."drop_lng" is null)),
	CONSTRAINT "orders_pay_deadline" CHECK (("orders"."status" = 'PENDING_PAYMENT') = ("orders"."pay_by_at_ms" is not null)),
	CONSTRAINT "orders_confirm_deadline" CHECK (("orders"."status" = 'CREATED') = ("orders"."confirm_by_at_ms" is not null)),
	CONSTRAINT "orders_ended" CHECK (("orders"."status" in ('CONCLUDED','REJECTED','CANCELLED')) = ("orders"."ended_at_ms" is not null)),
	CONSTRAINT "orders_paid_first" CHECK ("orders"."status" in ('PENDING_PAYMENT','CANCELLED') or "orders"."created_at_ms" is not null),
	CONSTRAINT "orders_delivered_at" CHECK ("orders"."status" not in ('DELIVERED','CONCLUDED') or "orders"."delivered_at_ms" is not null)
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"market_id" text NOT NULL,
	"order_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"intent_id" text,
	"client_secret" text,
	"status" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"captured_minor" bigint DEFAULT 0 NOT NULL,
	"refunded_minor" bigint DEFAULT 0 NOT NULL,
	"refund_target_minor" bigint DEFAULT 0 NOT NULL,
	"currency" text NOT NULL,
	"updated_at_ms" bigint NOT NULL,
	CONSTRAINT "payments_market_id_order_id_pk" PRIMARY KEY("market_id","order_id"),
	CONSTRAINT "payments_amounts" CHECK ("payments"."captured_minor" between 0 and "payments"."amount_minor" and "payments"."refunded_minor" between 0 and "payments"."captured_minor" and "payments"."refund_target_minor" between 0 and "payments"."amount_minor")
);
--> statement-breakpoint
CREATE TABLE "stream_heads" (
	"market_id" text NOT NULL,
	"kind" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	CONSTRAINT "stream_heads_market_id_kind_owner_id_pk" PRIMARY KEY("market_id","kind","owner_id"),
	CONSTRAINT "stream_heads_seq" CHECK ("stream_heads"."seq" >= 0)
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"received_at_ms" bigint NOT NULL,
	CONSTRAINT "webhook_events_event_id_unique" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "addresses" (
	"id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"label" text NOT NULL,
	"line" text NOT NULL,
	"instructions" text DEFAULT '' NOT NULL,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "addresses_person_id_id_pk" PRIMARY KEY("person_id","id")
);
--> statement-breakpoint
CREATE TABLE "markets" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"currency" text NOT NULL,
	"locale" text NOT NULL,
	"tax_basis_points" integer NOT NULL,
	"center_lat" double precision NOT NULL,
	"center_lng" double precision NOT NULL,
	"dispatch_round" integer DEFAULT 0 NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "markets_id_slug" CHECK ("markets"."id" ~ '^[a-z0-9-]{2,24}$'),
	CONSTRAINT "markets_currency" CHECK ("markets"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "markets_tax" CHECK ("markets"."tax_basis_points" between 0 and 10000)
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"phone" text,
	"password_hash" text NOT NULL,
	"disabled" boolean DEFAULT false NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "people_phone_e164" CHECK ("people"."phone" is null or "people"."phone" ~ '^[+][1-9][0-9]{6,14}$')
);
--> statement-breakpoint
CREATE TABLE "person_roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"market_id" text,
	"restaurant_id" uuid,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "person_roles_market" CHECK (("person_roles"."role" = 'customer') = ("person_roles"."market_id" is null)),
	CONSTRAINT "person_roles_restaurant_set" CHECK (("person_roles"."role" in ('kitchen','restaurant_admin')) = ("person_roles"."restaurant_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"previous_token_hash" text,
	"rotated_at_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"ended_at_ms" bigint,
	"created_at_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "couriers" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"name" text NOT NULL,
	"vehicle" text NOT NULL,
	"capacity" integer DEFAULT 3 NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"last_lat" double precision,
	"last_lng" double precision,
	"last_fix_at_ms" bigint,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "couriers_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "couriers_capacity" CHECK ("couriers"."capacity" between 1 and 10)
);
--> statement-breakpoint
CREATE TABLE "menu_categories" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "menu_categories_market_id_id_pk" PRIMARY KEY("market_id","id")
);
--> statement-breakpoint
CREATE TABLE "menu_items" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"category_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"price_minor" bigint NOT NULL,
	"position" integer NOT NULL,
	"available" boolean DEFAULT true NOT NULL,
	"stock" integer,
	"archived" boolean DEFAULT false NOT NULL,
	CONSTRAINT "menu_items_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "menu_items_price" CHECK ("menu_items"."price_minor" >= 0),
	CONSTRAINT "menu_items_stock" CHECK ("menu_items"."stock" is null or "menu_items"."stock" >= 0)
);
--> statement-breakpoint
CREATE TABLE "modifier_groups" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	"name" text NOT NULL,
	"min_choices" integer NOT NULL,
	"max_choices" integer NOT NULL,
	"position" integer NOT NULL,
	"options" jsonb NOT NULL,
	CONSTRAINT "modifier_groups_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "modifier_groups_choices" CHECK ("modifier_groups"."min_choices" between 0 and "modifier_groups"."max_choices" and "modifier_groups"."max_choices" between 1 and 50)
);
--> statement-breakpoint
CREATE TABLE "opening_hours" (
	"market_id" text NOT NULL,
	"restaurant_id" uuid NOT NULL,
	"weekday" smallint NOT NULL,
	"opens_minute" smallint NOT NULL,
	"closes_minute" smallint NOT NULL,
	CONSTRAINT "opening_hours_market_id_restaurant_id_weekday_opens_minute_pk" PRIMARY KEY("market_id","restaurant_id","weekday","opens_minute"),
	CONSTRAINT "opening_hours_sane" CHECK ("opening_hours"."weekday" between 0 and 6 and "opening_hours"."opens_minute" between 0 and 1439 and "opening_hours"."closes_minute" between "opening_hours"."opens_minute" + 1 and 2880)
);
--> statement-breakpoint
CREATE TABLE "restaurants" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"cuisine" text NOT NULL,
	"address_line" text NOT NULL,
	"lat" double precision NOT NULL,
	"lng" double precision NOT NULL,
	"zone" text NOT NULL,
	"delivery_radius_m" integer NOT NULL,
	"minimum_minor" bigint NOT NULL,
	"delivery_base_minor" bigint NOT NULL,
	"delivery_per_km_minor" bigint NOT NULL,
	"service_fee_basis_points" integer NOT NULL,
	"prep_minutes" integer NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "restaurants_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "restaurants_place" CHECK ("restaurants"."lat" between -90 and 90 and "restaurants"."lng" between -180 and 180),
	CONSTRAINT "restaurants_money" CHECK ("restaurants"."minimum_minor" >= 0 and "restaurants"."delivery_base_minor" >= 0 and "restaurants"."delivery_per_km_minor" >= 0 and "restaurants"."service_fee_basis_points" between 0 and 10000),
	CONSTRAINT "restaurants_radius" CHECK ("restaurants"."delivery_radius_m" between 100 and 100000),
	CONSTRAINT "restaurants_prep" CHECK ("restaurants"."prep_minutes" between 1 and 240)
);
--> statement-breakpoint
CREATE TABLE "shifts" (
	"market_id" text NOT NULL,
	"id" uuid NOT NULL,
	"courier_id" uuid NOT NULL,
	"started_at_ms" bigint NOT NULL,
	"ends_at_ms" bigint NOT NULL,
	"ended_at_ms" bigint,
	CONSTRAINT "shifts_market_id_id_pk" PRIMARY KEY("market_id","id"),
	CONSTRAINT "shifts_span" CHECK ("shifts"."ends_at_ms" > "shifts"."started_at_ms" and ("shifts"."ended_at_ms" is null or "shifts"."ended_at_ms" >= "shifts"."started_at_ms"))
);
--> statement-breakpoint
CREATE TABLE "traces" (
	"market_id" text NOT NULL,
	"courier_id" uuid NOT NULL,
	"minute_at_ms" bigint NOT NULL,
	"fixes" jsonb NOT NULL,
	CONSTRAINT "traces_market_id_courier_id_minute_at_ms_pk" PRIMARY KEY("market_id","courier_id","minute_at_ms")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_market_id_order_id_orders_market_id_id_fk" FOREIGN KEY ("market_id","order_id") REFERENCES "public"."orders"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_market_id_courier_id_couriers_market_id_id_fk" FOREIGN KEY ("market_id","courier_id") REFERENCES "public"."couriers"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_market_id_transaction_id_ledger_transactions_market_id_id_fk" FOREIGN KEY ("market_id","transaction_id") REFERENCES "public"."ledger_transactions"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offer_deliveries" ADD CONSTRAINT "offer_deliveries_market_id_offer_id_offers_market_id_id_fk" FOREIGN KEY ("market_id","offer_id") REFERENCES "public"."offers"("market_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offer_deliveries" ADD CONSTRAINT "offer_deliveries_market_id_delivery_id_deliveries_market_id_id_fk" FOREIGN KEY ("market_id","delivery_id") REFERENCES "public"."deliveries"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_market_id_courier_id_couriers_market_id_id_fk" FOREIGN KEY ("market_id","courier_id") REFERENCES "public"."couriers"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_market_id_order_id_orders_market_id_id_fk" FOREIGN KEY ("market_id","order_id") REFERENCES "public"."orders"("market_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_customer_id_people_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_market_id_restaurant_id_restaurants_market_id_id_fk" FOREIGN KEY ("market_id","restaurant_id") REFERENCES "public"."restaurants"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_market_id_order_id_orders_market_id_id_fk" FOREIGN KEY ("market_id","order_id") REFERENCES "public"."orders"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_roles" ADD CONSTRAINT "person_roles_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_roles" ADD CONSTRAINT "person_roles_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "couriers" ADD CONSTRAINT "couriers_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "menu_categories" ADD CONSTRAINT "menu_categories_market_id_restaurant_id_restaurants_market_id_id_fk" FOREIGN KEY ("market_id","restaurant_id") REFERENCES "public"."restaurants"("market_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "menu_items" ADD CONSTRAINT "menu_items_market_id_restaurant_id_restaurants_market_id_id_fk" FOREIGN KEY ("market_id","restaurant_id") REFERENCES "public"."restaurants"("market_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "menu_items" ADD CONSTRAINT "menu_items_market_id_category_id_menu_categories_market_id_id_fk" FOREIGN KEY ("market_id","category_id") REFERENCES "public"."menu_categories"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "modifier_groups" ADD CONSTRAINT "modifier_groups_market_id_item_id_menu_items_market_id_id_fk" FOREIGN KEY ("market_id","item_id") REFERENCES "public"."menu_items"("market_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opening_hours" ADD CONSTRAINT "opening_hours_market_id_restaurant_id_restaurants_market_id_id_fk" FOREIGN KEY ("market_id","restaurant_id") REFERENCES "public"."restaurants"("market_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restaurants" ADD CONSTRAINT "restaurants_market_id_markets_id_fk" FOREIGN KEY ("market_id") REFERENCES "public"."markets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shifts" ADD CONSTRAINT "shifts_market_id_courier_id_couriers_market_id_id_fk" FOREIGN KEY ("market_id","courier_id") REFERENCES "public"."couriers"("market_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_one_an_order" ON "deliveries" USING btree ("market_id","order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_courier_slot" ON "deliveries" USING btree ("market_id","courier_id","slot") WHERE "deliveries"."ended_at_ms" is null and "deliveries"."courier_id" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("market_id","id") WHERE "deliveries"."ended_at_ms" is null;--> statement-breakpoint
CREATE INDEX "deliveries_courier" ON "deliveries" USING btree ("market_id","courier_id","created_at_ms");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at_ms");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_dedupe" ON "jobs" USING btree ("market_id","dedupe_key");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("run_at_ms") WHERE "jobs"."done_at_ms" is null;--> statement-breakpoint
CREATE INDEX "ledger_entries_account" ON "ledger_entries" USING btree ("market_id","account");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_transactions_reference" ON "ledger_transactions" USING btree ("market_id","reference");--> statement-breakpoint
CREATE INDEX "ledger_transactions_order" ON "ledger_transactions" USING btree ("market_id","order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "offer_deliveries_open" ON "offer_deliveries" USING btree ("market_id","delivery_id") WHERE "offer_deliveries"."open";--> statement-breakpoint
CREATE UNIQUE INDEX "offers_one_open_a_courier" ON "offers" USING btree ("market_id","courier_id") WHERE "offers"."status" = 'offered';--> statement-breakpoint
CREATE INDEX "offers_open" ON "offers" USING btree ("expires_at_ms") WHERE "offers"."status" = 'offered';--> statement-breakpoint
CREATE INDEX "offers_courier" ON "offers" USING btree ("market_id","courier_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "order_events_order" ON "order_events" USING btree ("market_id","order_id","order_seq") WHERE "order_events"."order_seq" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "order_events_restaurant" ON "order_events" USING btree ("market_id","restaurant_id","restaurant_seq") WHERE "order_events"."restaurant_seq" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "order_events_courier" ON "order_events" USING btree ("market_id","courier_id","courier_seq") WHERE "order_events"."courier_seq" is not null;--> statement-breakpoint
CREATE INDEX "order_events_xid" ON "order_events" USING btree ("xid");--> statement-breakpoint
CREATE INDEX "orders_customer" ON "orders" USING btree ("customer_id","id");--> statement-breakpoint
CREATE INDEX "orders_restaurant_open" ON "orders" USING btree ("market_id","restaurant_id","placed_at_ms") WHERE "orders"."ended_at_ms" is null;--> statement-breakpoint
CREATE INDEX "orders_restaurant" ON "orders" USING btree ("market_id","restaurant_id","id");--> statement-breakpoint
CREATE INDEX "orders_open" ON "orders" USING btree ("market_id","id") WHERE "orders"."ended_at_ms" is null;--> statement-breakpoint
CREATE INDEX "orders_pay_by" ON "orders" USING btree ("pay_by_at_ms") WHERE "orders"."pay_by_at_ms" is not null;--> statement-breakpoint
CREATE INDEX "orders_confirm_by" ON "orders" USING btree ("confirm_by_at_ms") WHERE "orders"."confirm_by_at_ms" is not null;--> statement-breakpoint
CREATE INDEX "orders_conclude" ON "orders" USING btree ("conclude_at_ms") WHERE "orders"."conclude_at_ms" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_intent" ON "payments" USING btree ("intent_id") WHERE "payments"."intent_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "people_email" ON "people" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "person_roles_once" ON "person_roles" USING btree ("person_id","role",coalesce("market_id", ''),coalesce("restaurant_id"::text, ''));--> statement-breakpoint
CREATE INDEX "person_roles_restaurant" ON "person_roles" USING btree ("market_id","restaurant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_previous_token" ON "sessions" USING btree ("previous_token_hash");--> statement-breakpoint
CREATE INDEX "sessions_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "couriers_person" ON "couriers" USING btree ("market_id","person_id");--> statement-breakpoint
CREATE INDEX "menu_categories_restaurant" ON "menu_categories" USING btree ("market_id","restaurant_id");--> statement-breakpoint
CREATE INDEX "menu_items_restaurant" ON "menu_items" USING btree ("market_id","restaurant_id");--> statement-breakpoint
CREATE INDEX "modifier_groups_item" ON "modifier_groups" USING btree ("market_id","item_id");--> statement-breakpoint
CREATE INDEX "restaurants_zone" ON "restaurants" USING btree ("market_id","zone");--> statement-breakpoint
CREATE INDEX "restaurants_name_search" ON "restaurants" USING gin (to_tsvector('simple', "name" || ' ' || "cuisine" || ' ' || "description"));--> statement-breakpoint
CREATE UNIQUE INDEX "shifts_one_open" ON "shifts" USING btree ("market_id","courier_id") WHERE "shifts"."ended_at_ms" is null;--> statement-breakpoint
CREATE INDEX "shifts_courier" ON "shifts" USING btree ("market_id","courier_id","started_at_ms");