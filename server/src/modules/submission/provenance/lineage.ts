import type { ObjectGraph } from '@geneward/api';

/** Where the act that made something stands in the log, and its receipt; `undefined` where none exists yet. */
export interface ReceiptOf {
  readonly index: string;
  readonly type: string;
  readonly level: string;
  readonly url: string;
}

export type LineageNode = ObjectGraph['nodes'][number] & {
  readonly url: string;
  readonly receipt: ReceiptOf | undefined;
};
export type LineageEdge = ObjectGraph['edges'][number] & { readonly receipt: ReceiptOf | undefined };

export interface LineageFile {
  readonly object: string;
  readonly name: string;
  readonly format: string;
  readonly url: string;
}

/** What stands around an object, as far as the caller may see it, each edge with its receipt. */
export interface Lineage {
  readonly root: string;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly files: readonly LineageFile[];
  readonly truncated: boolean;
  readonly archive: { readonly name: string; readonly url: string };
  readonly at: Date;
  readonly useTerms: string;
}

/** How an object is named outside: its accession, or its id before it has one. */
export const nameOf = (node: LineageNode): string => node.accession ?? node.id;
