-- On a deployment in use it is built beforehand by hand, with `concurrently`, under the same name (docs/runbooks/deploy.md).
CREATE INDEX IF NOT EXISTS "restaurants_place" ON "restaurants" USING gist (point("lng", "lat")) WHERE "restaurants"."active";
