export const width = 960;
export const height = 320;

/** Text that stands in HTML as itself. */
export const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

/** A drawing with its axes under a title. */
export const svg = (title: string, inside: string): string =>
  `<h2>${escape(title)}</h2><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}"><path d="M40 0V${height - 20}H${width}" fill="none" stroke="#888"/>${inside}</svg>`;

/** Place of a share of the axis, 0 to 1. */
export const x = (share: number): number => Math.round((45 + share * (width - 60)) * 10) / 10;
export const y = (share: number): number => Math.round((height - 22 - share * (height - 40)) * 10) / 10;

export const label = (atX: number, atY: number, text: string): string =>
  `<text x="${atX}" y="${atY}" font-size="11">${escape(text)}</text>`;

export const colours = ['#1c5d99', '#c33', '#3a3', '#a5a', '#c80', '#0aa', '#777', '#630'] as const;
export const colourOf = (at: number): string => colours[at % colours.length] ?? colours[0];

/** Dots, one for each place on the screen: a million points make no larger file than what can be seen. */
export function dots(points: Iterable<readonly [x: number, y: number, colour: string]>): string {
  const seen = new Set<string>();
  const drawn: string[] = [];
  for (const [atX, atY, colour] of points) {
    const place = `${Math.round(atX)} ${Math.round(atY)}`;
    if (seen.has(place)) continue;
    seen.add(place);
    drawn.push(`<circle cx="${atX}" cy="${atY}" r="1.6" fill="${colour}"/>`);
  }
  return drawn.join('');
}
