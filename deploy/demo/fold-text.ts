/** A text in small letters without marks, for comparing names: "Pizzería" as "pizzeria". */
export function foldText(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
}
