/** Tags by the type of their value (SAM optional fields specification); with B the kind of element where it is fixed. */
const byType: Readonly<Record<string, string>> = {
  A: 'TS',
  i: 'AM AS CM CP FI H0 H1 H2 HI HP IH MN MQ NH NM OP PQ PS SM TC UQ',
  Z: 'BC BQ BZ CB CC CO CQ CR CS CT CY E2 FS LB MC MD MI MM OA OC OQ OX PG PT PU Q2 QT QX R2 RG RX SA U2',
  'B,I': 'CG',
  'B,S': 'FZ',
  'B,C': 'ML',
};

/** The type that a predefined tag must have; undefined for the tags of users. */
export const predefinedTags: ReadonlyMap<string, string> = new Map(
  Object.entries(byType).flatMap(([type, tags]) => tags.split(' ').map((tag): [string, string] => [tag, type])),
);

/** Every size of integer is `i` in the text form. */
const integers = 'cCsSiI';

/** The type that a tag should have had when its own is another; `element` is the kind of elements of a B. */
export function otherType(tag: string, type: string, element: string): string | undefined {
  const expected = predefinedTags.get(tag);
  if (expected === undefined) return undefined;
  const told = type === 'B' ? `B,${element}` : integers.includes(type) ? 'i' : type;
  return told === expected ? undefined : expected;
}
