/** Messages of one feature in both languages: a key that one of them lacks does not compile. */
export function defineMessages<const T extends Readonly<Record<string, string>>>(
  en: T,
  zh: Readonly<Record<keyof T, string>>,
): { readonly en: T; readonly zh: Readonly<Record<keyof T, string>> } {
  return { en, zh };
}
