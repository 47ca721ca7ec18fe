import { expect, test } from "vitest";

import { STREET_FLAG, VEHICLES } from "#shared/domain/city/city.ts";

import type { Tags } from "./osm-data.ts";
import { streetRule } from "./street-rules.ts";

/** "↔" both ways, "→" along the way, "←" against it, "·" not at all; car, motorbike, bicycle, foot. */
function riders(tags: Tags): string | undefined {
  const rule = streetRule(tags);
  return rule && VEHICLES.map((_, index) => ["·", "→", "←", "↔"][(rule.access >> (2 * index)) & 3]).join("");
}

test.each<[string, string | undefined]>([
  ["highway=residential", "↔↔↔↔"],
  ["highway=motorway", "→→··"],
  ["highway=motorway oneway=no", "↔↔··"],
  ["highway=motorway_link", "↔↔··"],
  ["highway=trunk", "↔↔↔↔"],
  ["highway=trunk motorroad=yes", "↔↔··"],
  ["highway=pedestrian", "···↔"],
  ["highway=pedestrian motor_vehicle=destination", "↔↔·↔"],
  ["highway=footway", "···↔"],
  ["highway=footway access=yes", "···↔"],
  ["highway=footway bicycle=designated", "··↔↔"],
  ["highway=bridleway", "···↔"],
  ["highway=cycleway", "··↔↔"],
  ["highway=cycleway foot=no", "··↔·"],
  ["highway=cycleway oneway=yes", "··→↔"],
  ["highway=path", "··↔↔"],
  ["highway=steps bicycle=dismount", "···↔"],
  ["highway=residential access=private", "····"],
  ["highway=residential access=private foot=yes", "···↔"],
  ["highway=service access=customers", "↔↔↔↔"],
  ["highway=service access=no motorcycle=yes", "·↔··"],
  ["highway=service service=emergency_access", undefined],
  ["highway=residential vehicle=no", "···↔"],
  ["highway=residential motor_vehicle=no", "··↔↔"],
  ["highway=residential motor_vehicle=no motorcycle=yes", "·↔↔↔"],
  ["highway=residential motorcar=no", "·↔↔↔"],
  ["highway=residential access=who_knows", "↔↔↔↔"],
  ["highway=residential oneway=yes", "→→→↔"],
  ["highway=residential oneway=true", "→→→↔"],
  ["highway=residential oneway=-1", "←←←↔"],
  ["highway=residential oneway=reversible", "···↔"],
  ["highway=residential oneway=alternating", "↔↔↔↔"],
  ["highway=residential oneway=yes oneway:bicycle=no", "→→↔↔"],
  ["highway=residential oneway=yes oneway:motorcycle=no", "→↔→↔"],
  ["highway=residential oneway=yes cycleway=opposite", "→→↔↔"],
  ["highway=residential oneway=yes cycleway:left=opposite_lane", "→→↔↔"],
  ["highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", "→→↔↔"],
  ["highway=residential oneway=-1 cycleway=opposite_track", "←←↔↔"],
  ["highway=residential motor_vehicle:backward=no", "→→↔↔"],
  ["highway=residential oneway=yes bicycle:backward=yes", "→→↔↔"],
  ["highway=tertiary junction=roundabout", "→→→↔"],
  ["highway=tertiary junction=roundabout oneway=no", "↔↔↔↔"],
  ["highway=construction", undefined],
  ["highway=proposed", undefined],
  ["highway=bus_stop", undefined],
  ["building=yes", undefined],
])("[CTY2] %s: %s", (written, expected) => {
  expect(riders(tagsOf(written))).toBe(expected);
});

test.each<[string, number]>([
  ["maxspeed=45", 45],
  ["maxspeed=45km/h", 45],
  ["maxspeed=30mph", 48],
  ["maxspeed=50;30", 50],
  ["maxspeed=none", 0],
  ["maxspeed=signals", 0],
  ["maxspeed=999", 0],
  ["maxspeed=walk", 6],
  ["maxspeed=UY:urban", 45],
  ["maxspeed=DE:urban", 50],
  ["maxspeed=DE:rural", 0],
  ["maxspeed=DE:zone30", 30],
  ["maxspeed=FR:zone:20", 20],
  ["maxspeed=IT:living_street", 20],
  ["maxspeed:type=GB:urban", 48],
  ["source:maxspeed=https://example.org/45", 0],
  ["lanes=2", 0],
])("[CTY2] %s: %s km/h", (written, expected) => {
  expect(streetRule(tagsOf(`highway=residential ${written}`))?.maxSpeedKmh).toBe(expected);
});

test.each<[string, string, number]>([
  ["highway=primary_link", "primary", STREET_FLAG.link],
  ["highway=road tunnel=yes", "unclassified", STREET_FLAG.tunnel],
  ["highway=secondary bridge=viaduct", "secondary", STREET_FLAG.bridge],
  ["highway=secondary bridge=no tunnel=no", "secondary", 0],
  ["highway=tertiary junction=circular", "tertiary", STREET_FLAG.roundabout],
])("[CTY2] %s is a %s", (written, streetClass, flags) => {
  expect(streetRule(tagsOf(written))).toMatchObject({ streetClass, flags });
});

function tagsOf(written: string): Tags {
  return Object.fromEntries(
    written.split(" ").map((tag): [string, string] => {
      const at = tag.indexOf("=");
      return [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );
}
