/** What the page asks of its worker. Files go by reference: their bytes are read where they lie. */
export type Asked =
  | { readonly kind: 'dataset'; readonly file?: File }
  | { readonly kind: 'genomes'; readonly file: File };

/** A finding with its texts in both languages, so that a change of language needs no second run. */
export interface Said {
  readonly code: string;
  readonly level: 'error' | 'warning' | 'hint';
  readonly line: number | undefined;
  readonly name: string | undefined;
  readonly en: { readonly message: string; readonly mend: string };
  readonly zh: { readonly message: string; readonly mend: string };
}

/** One genome as a row of the page. */
export interface Row {
  readonly name: string;
  readonly line: number;
  readonly accepted: boolean;
  readonly findings: readonly Said[];
  readonly quality: 'good' | 'mediocre' | 'bad' | undefined;
  readonly score: number | undefined;
  readonly clade: string | undefined;
  readonly lineages: readonly string[];
  readonly coverage: number | undefined;
  readonly aminoAcids: readonly string[];
  readonly neighbours: readonly string[];
}

/** Where a genome came to stand on the tree. */
export interface Stand {
  readonly name: string;
  readonly beside: string;
  readonly cost: number;
}

export interface DatasetTold {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly leaves: number;
}

/** What the worker answers. */
export type Told =
  | { readonly kind: 'dataset'; readonly dataset: DatasetTold }
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly read: number; readonly size: number }
  | { readonly kind: 'placing' }
  | { readonly kind: 'done'; readonly stands: readonly Stand[]; readonly table: Blob }
  | { readonly kind: 'failed'; readonly said: Said }
  /** It cannot go on, and no rule says why: a packed file that is damaged, or a fault of ours. */
  | { readonly kind: 'broken' };
