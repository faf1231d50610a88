import { foldName } from '../checklist/header.ts';

/** What the name of a column lets one expect of its cells; the hunt for spreadsheet damage goes by it. */
export interface Traits {
  readonly date: boolean;
  /** One value usually stands in every row, so that a rising series is suspicious. */
  readonly repeats: boolean;
  /** Prose, in which full-width punctuation is right. */
  readonly prose: boolean;
}

const repeating =
  /^(umbrella|(bio)?(project|study)( (alias|accession|id|ref))?|(host )?tax(on(omy)?)? id|tax ?id|scientific name|organism|checklist|platform|instrument model|library (strategy|source|selection|layout)|center name|项目(编号|别名)?|物种(编号)?|平台|仪器型号)$/u;

/** Reads the traits off a header. */
export function traitsOf(header: string): Traits {
  const name = foldName(header.replaceAll('*', ''));
  return {
    date: /(^| )dates?( |$)|日期/u.test(name),
    repeats: repeating.test(name),
    prose: /title|description|abstract|summary|protocol|comment|note|design|标题|描述|摘要|说明|备注|方案/u.test(name),
  };
}
