import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { gridCity } from "../../testing/grid-city.ts";
import { compareFits, fitOf, rarityOf, termOf, TIERS } from "./fit.ts";
import { gazetteerOf } from "./gazetteer.ts";
import { doorNumbersOf, houseNumberOf } from "./house-number.ts";
import { edits, keysOf, likenessOf, lookupsOf } from "./likeness.ts";
import { placeOfNumber } from "./number-place.ts";
import { readingsOf } from "./readings.ts";
import { fold, wordsOf } from "./words.ts";

const HERE = { lat: -34.9, lng: -56.17 };
const letters = (min: number, max: number) =>
  fc
    .array(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), { minLength: min, maxLength: max })
    .map((each) => each.join(""));

describe("words", () => {
  test.each([
    ["Ñandú", "nandu"],
    ["  Av. 18   de Julio, ", "av 18 de julio"],
    ["O'Higgins", "ohiggins"],
    ["Bº 10 de Mayo", "bo 10 de mayo"],
    ["Straße", "strasse"],
    ["…", ""],
  ])("[GEO1] %s is compared as %j", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test("[GEO1] folding is done once and for all, and leaves letters, digits and single spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const folded = fold(text);
        expect(fold(folded)).toBe(folded);
        expect(folded).toMatch(/^$|^[\p{L}\p{N}]+( [\p{L}\p{N}]+)*$/u);
      }),
    );
  });
});

describe("likeness", () => {
  test.each([
    ["gral", "general", "exact"],
    ["general", "gral", "exact"],
    ["gr", "general", "prefix"],
    ["herre", "herrera", "prefix"],
    ["a", "alberto", "prefix"],
    ["ima", "lima", "typo"],
    ["ejdo", "ejido", "typo"],
    ["jeido", "ejido", "typo"],
    ["laravidde", "larravide", "typo"],
    ["laravi", "larravide", "typo"],
    ["ejdi", "colonia", undefined],
    ["19", "18", undefined],
    ["1", "18", undefined],
    ["rio", "mio", undefined],
    ["ejeda", "ejido", undefined],
  ])("[GEO3] %s and %s: %s", (typed, word, likeness) => {
    expect(likenessOf(typed, word)?.likeness).toBe(likeness);
  });

  test("[GEO3] whatever is like a word shares a key with it", () => {
    fc.assert(
      fc.property(letters(1, 14), letters(1, 14), fc.nat(3), fc.nat(13), (word, other, way, at) => {
        const near = [
          word.slice(0, at) + word.slice(at + 1),
          word.slice(0, at) + other.slice(0, 1) + word.slice(at),
          word.slice(0, at) + other.slice(0, 1) + word.slice(at + 1),
          word.slice(0, at) +
            word
              .slice(at, at + 2)
              .split("")
              .toReversed()
              .join("") +
            word.slice(at + 2),
        ][way];
        for (const typed of [near ?? "", (near ?? "").slice(0, -2), other]) {
          if (typed.length < 2 || !likenessOf(typed, word)) continue;
          expect(
            [...lookupsOf(typed)].some((key) => keysOf(word).has(key)),
            `${typed} ${word}`,
          ).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("[GEO3] one error in a word of four letters or more is always recognised", () => {
    fc.assert(
      fc.property(letters(5, 14), fc.nat(), (word, at) => {
        const place = at % word.length;
        expect(likenessOf(word.slice(0, place) + word.slice(place + 1), word)).toBeDefined();
      }),
    );
  });

  test("[GEO3] edits count each way alike, and a word's beginning is never further than the word", () => {
    fc.assert(
      fc.property(letters(0, 9), letters(0, 9), (a, b) => {
        const { whole, start } = edits(a, b);
        expect(edits(b, a).whole).toBe(whole);
        expect(start).toBeLessThanOrEqual(whole);
        expect(whole === 0).toBe(a === b);
        expect(whole).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
    expect([edits("ab", "ba").whole, edits("kitten", "sitting").whole]).toEqual([1, 3]);
  });
});

describe("numbers", () => {
  test.each([
    ["1234", [{ value: 1234, suffix: "", label: "1234" }]],
    ["1234 BIS", [{ value: 1234, suffix: "bis", label: "1234 BIS" }]],
    [
      "12b; 14",
      [
        { value: 12, suffix: "b", label: "12b" },
        { value: 14, suffix: "", label: "14" },
      ],
    ],
    ["10-14", [{ value: 10, suffix: "14", label: "10-14" }]],
    ["S/N", []],
  ])("[GEO4] a door marked %j", (written, numbers) => {
    expect(doorNumbersOf(written)).toEqual(numbers);
  });

  test.each([
    ["18 de julio 1234", ["18 de julio 1234", "de julio 1234 #18", "18 de julio #1234"]],
    ["1234 bis ejido", ["1234 bis ejido", "ejido #1234bis"]],
    ["ejido 1234 b", ["ejido 1234 b", "ejido #1234b", "ejido b #1234"]],
    ["colonia 1266 gar", ["colonia 1266 gar", "colonia #1266gar", "colonia gar #1266"]],
    ["calle 5", ["calle 5"]],
    ["1234", ["1234"]],
  ])("[GEO4] %s is read as %j", (text, readings) => {
    const said = readingsOf(text).plain.map(({ words, number }) =>
      [...words, ...(number ? [`#${number.value}${number.suffix}`] : [])].join(" "),
    );
    expect(said).toEqual(readings);
  });

  test("[GEO4] every number of a text is tried, and the words that are left are the text's, in order", () => {
    const word = fc.oneof(fc.nat(99_999).map(String), letters(2, 6));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const { plain } = readingsOf(words.join(" "));
        expect(plain[0]).toEqual({ words: wordsOf(words.join(" ")), number: null });
        const values = new Set(plain.flatMap(({ number }) => (number ? [number.value] : [])));
        if (words.some((each) => !houseNumberOf(each) && each.length > 3)) {
          for (const each of words) if (houseNumberOf(each)) expect(values.has(Number.parseInt(each, 10))).toBe(true);
        }
      }),
    );
  });

  test("[GEO5] each join is a way to read a corner", () => {
    expect(readingsOf("Batlle y Ordóñez & Rivera").corners).toEqual([
      { first: ["batlle"], second: ["ordonez", "y", "rivera"] },
      { first: ["batlle", "y", "ordonez"], second: ["rivera"] },
    ]);
    expect(readingsOf("y Rivera").corners).toEqual([]);
  });

  test("[GEO4] a number between two doors lies between them; beyond the last it is there", () => {
    const door = (number: number, lng: number) => ({ number, label: String(number), point: { lat: 0, lng } });
    const [below, above] = [door(100, 1), door(200, 2)];
    expect(placeOfNumber(125, { exact: undefined, below, above })).toEqual({
      exact: false,
      point: { lat: 0, lng: 1.25 },
    });
    expect(placeOfNumber(999, { exact: undefined, below, above: undefined }).point).toEqual(below.point);
    expect(placeOfNumber(100, { exact: below, below: undefined, above }).exact).toBe(true);
    expect(placeOfNumber(1, { exact: undefined, below: undefined, above: undefined }).point).toBeUndefined();
  });
});

describe("fit", () => {
  const thing = (name: string, more: object = {}) => {
    const words = wordsOf(name);
    return { words, rarities: words.map(() => 0.5), doors: 10, point: HERE, ...more };
  };
  const fit = (text: string, name: string, more: object = {}) =>
    fitOf(
      wordsOf(text).map((word) => termOf(word, 0.5)),
      thing(name, more),
      HERE,
    );

  test.each([
    ["18 julio", "Avenida 18 de Julio", "exact"],
    ["av 18 de julio", "Avenida 18 de Julio", "exact"],
    ["calle colonia", "Colonia", "prefix"],
    ["colon", "Colonia", "prefix"],
    ["colinia", "Colonia", "typo"],
    ["colonia grande", "Colonia", "partial"],
    ["colonia muy grande", "Colonia", undefined],
    ["colonia colonia colonia", "Colonia", undefined],
  ])("[GEO7] %s in %s: %s", (text, name, tier) => {
    expect(TIERS[fit(text, name)?.tier ?? -1]).toBe(tier);
  });

  test("[GEO2] the order of words means nothing", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(["luis", "alberto", "de", "herrera"], { minLength: 2 }), (words) => {
        const [mixed, ordered] = [words, words.toSorted()].map((each) =>
          fit(each.join(" "), "Luis Alberto de Herrera"),
        );
        expect(mixed?.tier).toBe(ordered?.tier);
        expect(mixed?.score).toBeCloseTo(ordered?.score ?? 0, 9);
      }),
    );
  });

  test("[GEO7] of names that fit alike the greater comes first, and the nearer", () => {
    const [small, great] = [fit("rivera", "Rivera"), fit("rivera", "Rivera", { doors: 4_000 })];
    const far = fit("rivera", "Rivera", { point: { lat: -34.8, lng: -56.17 } });
    if (!small || !great || !far) throw new Error("all of them fit");
    expect([small, far, great].toSorted(compareFits)).toEqual([great, small, far]);
    expect(rarityOf(100, 1)).toBe(1);
    expect(rarityOf(100, 50)).toBeLessThan(rarityOf(100, 2));
  });
});

describe("gazetteer", () => {
  test("[GEO6] a name in two parts of a city is two streets; what is mapped twice comes once", () => {
    const city = gridCity({ size: 20 });
    // "Calle 0" in the south and "Calle 19" in the north, nearly 2 km apart, under one name.
    const [south, north] = [city.names.indexOf("Calle 0"), city.names.indexOf("Calle 19")];
    const rename = (ids: Uint32Array) => ids.map((id) => (id === north ? south : id));
    const streets = { ...city.streets, name: rename(city.streets.name) };
    const addresses = { ...city.addresses, street: rename(city.addresses.street) };
    const [park] = city.places;
    const places = park ? [...city.places, { ...park, kind: "cafe" }] : [];
    const gazetteer = gazetteerOf({ ...city, streets, addresses, places });
    const twins = gazetteer.entries.flatMap(({ name }, id) => (name === "Calle 0" ? [id] : []));
    expect(twins).toHaveLength(2);
    expect(twins.map((id) => gazetteer.doors.filter(({ street }) => street === id).length)).toEqual([38, 38]);
    expect(gazetteer.entries.filter(({ name }) => name === "Pizzería del Medio")).toHaveLength(1);
  });

  test("[GEO6] each entry is found by each of its words, each word by its keys; crossings are corners of both", () => {
    const { entries, words, keys, streets, doors } = gazetteerOf(gridCity());
    for (const [id, { words: its }] of entries.entries()) {
      for (const word of its) expect(words.get(word)).toContain(id);
    }
    for (const word of words.keys()) for (const key of keysOf(word)) expect(keys.get(key)).toContain(word);
    for (const [id, street] of streets.entries()) {
      expect(street.corners).toHaveLength(6);
      for (const { other } of street.corners) {
        expect(streets[other]?.corners.map((corner) => corner.other)).toContain(id);
      }
    }
    expect(doors).toHaveLength(6 * 5 * 2);
  });
});
