let count = 0;

/** A heading of the demonstration, numbered. */
export function step(en: string, zh: string): void {
  count += 1;
  console.log(`\n${count}. ${en} ${zh}`);
}

export function say(text: string): void {
  console.log(text.replaceAll(/^/gm, '   '));
}
