/** A text that stands in both languages of the platform. `{name}` holes are filled from a finding's `params`. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;

/** An error refuses, a warning asks for a look, a hint only helps. */
export type Level = 'error' | 'warning' | 'hint';

/** One check of the archive, told once: what CLI, portal, API and documentation say about it comes from here. */
export interface Rule {
  /** `GW` and four digits, never reused: 1 fields, 2 objects and relations, 3 tables and intake, 4 taxonomy, 5 files, 6 submissions, 7 viruses. */
  readonly code: `GW${number}`;
  readonly level: Level;
  /** One line with holes, said about a finding. */
  readonly message: Text;
  readonly explanation: Text;
  readonly mend: Text;
  readonly example: { readonly refused: string; readonly accepted: string };
  /** Codes of the same check at other archives, where they are known. */
  readonly same?: {
    readonly ddbj?: readonly string[];
    readonly ena?: readonly string[];
    readonly ncbi?: readonly string[];
  };
  /** Paper, RFC or specification section. */
  readonly source?: string;
}

/** Where a finding stands. Rows and lines count from 1 as a user's editor does; a byte offset counts from 0. */
export interface Place {
  readonly file?: string;
  readonly sheet?: string;
  readonly row?: number;
  /** Column name as the user wrote it; for text files a 1-based character position. */
  readonly column?: string | number;
  readonly line?: number;
  /** 1-based record number in a binary file. */
  readonly record?: number;
  readonly offset?: number;
  /** Alias of the object that the row describes. */
  readonly alias?: string;
}

/** A rule met at a place. Text is rendered from the catalogue when somebody reads it, not when it is found. */
export interface Finding {
  readonly code: Rule['code'];
  readonly level: Level;
  readonly place: Place;
  /** The value as it stood, shortened to 200 characters. */
  readonly value?: string;
  /** Fills the holes of the rule's message. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** A value that would pass: offered, never applied silently. */
  readonly suggestion?: string;
}
