import type { Findings } from '../findings.ts';
import { gff3Rules } from './rules.ts';

/** A feature line as far as the checks of the whole file need it. */
export interface Feature {
  readonly seqid: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id: string | undefined;
  readonly parents: readonly string[];
  readonly derivesFrom: readonly string[];
  readonly circular: boolean;
}

const reservedTags: ReadonlySet<string> = new Set(
  'ID Name Alias Parent Target Gap Derives_from Note Dbxref Ontology_term Is_circular'.split(' '),
);

/** Terms that make up nearly all annotations; any other draws a hint only. */
const commonTypes: ReadonlySet<string> = new Set(
  `region chromosome contig supercontig scaffold gene pseudogene ncRNA_gene transcript mRNA primary_transcript
  pseudogenic_transcript exon pseudogenic_exon coding_exon noncoding_exon CDS intron UTR five_prime_UTR three_prime_UTR
  start_codon stop_codon polyA_site polyA_signal_sequence TSS promoter enhancer silencer insulator terminator operator
  operon attenuator ribosome_entry_site ncRNA lnc_RNA lncRNA tRNA rRNA miRNA pre_miRNA snRNA snoRNA scRNA siRNA piRNA tmRNA
  SRP_RNA RNase_P_RNA RNase_MRP_RNA telomerase_RNA vault_RNA Y_RNA antisense_RNA guide_RNA ribozyme autocatalytically_spliced_intron
  polypeptide mature_protein_region_of_CDS mature_protein_region signal_peptide signal_peptide_region_of_CDS transit_peptide
  propeptide repeat_region tandem_repeat inverted_repeat direct_repeat dispersed_repeat microsatellite minisatellite satellite_DNA
  long_terminal_repeat transposable_element mobile_genetic_element integrated_virus transposon_fragment
  centromere telomere origin_of_replication oriT sequence_feature biological_region match match_part cDNA_match EST_match
  expressed_sequence_match nucleotide_match protein_match translated_nucleotide_match gap assembly_gap sequence_alteration
  SNV SNP insertion deletion indel substitution inversion duplication copy_number_variation sequence_conflict sequence_difference
  sequence_uncertainty modified_DNA_base modified_RNA_base_feature binding_site protein_binding_site TF_binding_site regulatory_region
  regulatory_region_variant minus_10_signal minus_35_signal CAAT_signal TATA_box GC_rich_promoter_region D_loop stem_loop
  recombination_feature recombination_hotspot meiotic_recombination_region mitotic_recombination_region V_gene_segment D_gene_segment
  J_gene_segment C_gene_segment immunoglobulin_region STS primer_binding_site CpG_island open_chromatin_region ORF`.split(
    /\s+/,
  ),
);

/** Checks one feature line; undefined when it has no columns. */
export function readFeature(text: string, line: number, findings: Findings): Feature | undefined {
  const columns = text.split('\t');
  if (columns.length !== 9) {
    findings.add(gff3Rules.columns, { line }, text, { actual: columns.length });
    return undefined;
  }
  const [
    seqid = '',
    source = '',
    type = '',
    start = '',
    end = '',
    score = '',
    strand = '',
    phase = '',
    attributes = '',
  ] = columns;
  const at = (column: number) => ({
    line,
    column: columns.slice(0, column).reduce((sum, field) => sum + field.length + 1, 1),
  });
  const need = (field: string, column: number, met: boolean) => {
    if (!met) findings.add(gff3Rules.field, at(column), columns[column] ?? '', { field });
  };
  need('seqid', 0, /^(?:[a-zA-Z0-9.:^*$@!+_?|-]|%[0-9A-Fa-f]{2})+$/.test(seqid));
  need('source', 1, source !== '');
  need('type', 2, /^(?:SO:\d{7}|[A-Za-z0-9][\w'-]*)$/.test(type));
  need('start', 3, /^[1-9]\d*$/.test(start));
  need('end', 4, /^[1-9]\d*$/.test(end));
  need('score', 5, /^(?:\.|[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)$/.test(score));
  need('strand', 6, /^[-+.?]$/.test(strand));
  need('phase', 7, /^[012.]$/.test(phase));
  if (Number(start) > Number(end)) findings.add(gff3Rules.range, at(3), text, { start, end });
  if (type === 'CDS' && phase === '.') findings.add(gff3Rules.phase, at(7), phase);
  if (!type.startsWith('SO:') && !commonTypes.has(type)) findings.add(gff3Rules.type, at(2), type, { type });
  const tags = readAttributes(attributes, line, at(8).column, findings);
  return {
    seqid,
    type,
    start: Number(start),
    end: Number(end),
    id: tags.get('ID'),
    parents: tags.get('Parent')?.split(',') ?? [],
    derivesFrom: tags.get('Derives_from')?.split(',') ?? [],
    circular: tags.get('Is_circular') === 'true',
  };
}

function readAttributes(text: string, line: number, column: number, findings: Findings): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  if (text === '.') return tags;
  const place = { line, column };
  for (const part of text.replace(/;\s*$/, '').split(';')) {
    const split = part.indexOf('=');
    const tag = part.slice(0, split).trim();
    const value = part.slice(split + 1);
    if (split < 1 || value === '' || /=|%(?![0-9A-Fa-f]{2})|\p{Cc}/u.test(value)) {
      findings.add(gff3Rules.attributes, place, part, { part });
      continue;
    }
    if (tags.has(tag)) findings.add(gff3Rules.attributeTwice, place, part, { tag });
    if (/^[A-Z]/.test(tag) && !reservedTags.has(tag)) findings.add(gff3Rules.reservedTag, place, part, { tag });
    tags.set(tag, value);
  }
  return tags;
}
