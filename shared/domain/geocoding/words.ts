/** Letters that no decomposition takes apart, as people type them who do not have them. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/**
 * Ways to write one word, each group the full word first. A word may stand in several: "av" is an avenida and an avinguda.
 * Spanish first, as it is written in street names of the Río de la Plata; Catalan, French and English where they differ.
 */
const SAME_WORD: readonly (readonly string[])[] = [
  ["avenida", "av", "avda", "ave"],
  ["avinguda", "av", "avda"],
  ["avenue", "av", "ave"],
  ["bulevar", "boulevard", "bulevard", "bvar", "bv", "bvd", "blvr", "blvd", "blv", "bd"],
  ["camino", "cno"],
  ["pasaje", "pje", "psje", "pasage"],
  ["plaza", "pza", "plza"],
  ["parque", "pque"],
  ["rambla", "rbla"],
  ["carretera", "ctra"],
  ["continuacion", "cont"],
  ["general", "gral", "gnral"],
  ["doctor", "dr", "doctora", "dra"],
  ["profesor", "prof", "profesora", "profa"],
  ["ingeniero", "ing"],
  ["arquitecto", "arq"],
  ["coronel", "cnel"],
  ["capitan", "cap", "cptan"],
  ["comandante", "cmte", "cte", "cdte"],
  ["teniente", "tte"],
  ["sargento", "sgto"],
  ["mariscal", "mcal"],
  ["almirante", "alte"],
  ["brigadier", "brig"],
  ["presidente", "pte", "pdte"],
  ["gobernador", "gdor"],
  ["monsenor", "mons"],
  ["padre", "pbro", "presbitero"],
  ["santa", "sta"],
  ["santo", "sto"],
  ["saint", "st"],
  ["street", "st"],
  ["hermanos", "hnos"],
  ["nuestra", "ntra"],
  ["senora", "sra"],
  ["republica", "rep", "rca"],
  ["numero", "nro"],
];

const FORMS: ReadonlyMap<string, readonly string[]> = formsByWord();

/** Words that many add and many leave out; one that fits nothing is no fault of the text. */
const FILLERS: ReadonlySet<string> = new Set(
  "calle c esquina esq y e de del d la las los el al the of street carrer rue numero nro no".split(" "),
);

/**
 * The text as it is compared: small plain letters and digits, one space between words. Accents, marks and capitals are gone;
 * an apostrophe joins ("O'Higgins" is one word).
 */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\p{M}'’´`·]/gu, "")
    .toLowerCase()
    .replaceAll(/[ßæœøłđðþı]/gu, (letter) => PLAIN[letter] ?? letter)
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The folded text's words, in order. */
export function wordsOf(text: string): string[] {
  const folded = fold(text);
  return folded === "" ? [] : folded.split(" ");
}

/** Every way to write a folded word, itself first: "gral" and "general" are the same. */
export function formsOf(word: string): readonly string[] {
  return FORMS.get(word) ?? [word];
}

/** Whether the word says nothing when no name has it. */
export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

function formsByWord(): Map<string, readonly string[]> {
  const forms = new Map<string, readonly string[]>();
  for (const group of SAME_WORD) {
    for (const word of group) forms.set(word, [...new Set([word, ...(forms.get(word) ?? []), ...group])]);
  }
  return forms;
}
