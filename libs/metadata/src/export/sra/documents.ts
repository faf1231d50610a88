import type { ArchiveRecord, DeclaredFile, ObjectType } from '../../model/record.ts';
import type { Node } from './node.ts';
import { leaf, node } from './node.ts';
import { isInsdcAccession, objectAttributes, partsOf, referenceNode } from './source.ts';
import type { RecordSource } from './source.ts';
import { platformOf, spellFileType, spellReadType, spellSelection, spellSource, spellStrategy } from './terms.ts';
import type { Speller } from './terms.ts';

/** Writes one record as its element, or says what it lacks and gives nothing. */
export type WriteObject = (source: RecordSource) => Node | undefined;

/** Documents that are written, by the kind of object; other kinds have none. */
export const documents: Readonly<Partial<Record<ObjectType, { readonly set: string; readonly write: WriteObject }>>> = {
  project: { set: 'PROJECT_SET', write: projectNode },
  sample: { set: 'SAMPLE_SET', write: sampleNode },
  experiment: { set: 'EXPERIMENT_SET', write: experimentNode },
  run: { set: 'RUN_SET', write: runNode },
};

/** ENA.project.xsd */
function projectNode(source: RecordSource): Node | undefined {
  const { record } = source;
  if (record.title === undefined) return lacking(source, 'title');
  const parents = partsOf(
    source,
    'project',
  )('project').filter((target) => {
    if (!isInsdcAccession(target)) source.lose('project', 'no_place', target);
    return isInsdcAccession(target);
  });
  noFiles(source);
  const attributes = {
    ...objectAttributes(source),
    first_public: takeMatching(source, 'first_public', /^\d{4}-\d{2}-\d{2}$/),
  };
  const people = source.takeAll('contributors');
  const umbrella = record.attributes['umbrella'] === 'yes';
  if (umbrella) source.take('umbrella');
  const prefixes = umbrella ? [] : source.takeAll('locus_tag_prefix');
  const organism = organismNode('ORGANISM', source, true);
  return node('PROJECT', attributes, [
    leaf('NAME', source.take('name')),
    leaf('TITLE', record.title),
    leaf('DESCRIPTION', source.take('summary')),
    people.length === 0
      ? undefined
      : node(
          'COLLABORATORS',
          {},
          people.map((person) => leaf('COLLABORATOR', person)),
        ),
    umbrella
      ? node('UMBRELLA_PROJECT', {}, [organism])
      : node('SUBMISSION_PROJECT', {}, [
          node(
            'SEQUENCING_PROJECT',
            {},
            prefixes.map((prefix) => leaf('LOCUS_TAG_PREFIX', prefix)),
          ),
          organism,
        ]),
    parents.length === 0
      ? undefined
      : node(
          'RELATED_PROJECTS',
          {},
          parents.map((parent) => node('RELATED_PROJECT', {}, [node('PARENT_PROJECT', { accession: parent })])),
        ),
    source.restOf('PROJECT'),
  ]);
}

/** SRA.sample.xsd: a taxonomy identifier is required. */
function sampleNode(source: RecordSource): Node | undefined {
  const organism = organismNode('SAMPLE_NAME', source, false);
  if (!organism) return lacking(source, 'taxon_id');
  partsOf(source);
  noFiles(source);
  const attributes = objectAttributes(source);
  return node('SAMPLE', attributes, [
    leaf('TITLE', source.record.title),
    organism,
    leaf('DESCRIPTION', source.take('description') ?? source.take('sample_description')),
    source.restOf('SAMPLE'),
  ]);
}

/** SRA.experiment.xsd: one study, a sample or a pool, the library terms and the platform are required. */
function experimentNode(source: RecordSource): Node | undefined {
  const { record } = source;
  const parts = partsOf(source, 'project', 'sample');
  const [study, ...studies] = parts('project');
  const samples = parts('sample');
  const [sample] = samples;
  for (const other of studies) source.lose('project', 'no_place', other);
  if (study === undefined) return lacking(source, 'project');
  if (sample === undefined) return lacking(source, 'sample');
  noFiles(source);
  const strategy = takeTerm(source, 'library_strategy', spellStrategy);
  const origin = takeTerm(source, 'library_source', spellSource);
  const selection = takeTerm(source, 'library_selection', spellSelection);
  const layout = layoutNode(source);
  const platform = platformOf(source);
  if (!strategy || !origin || !selection || !layout || !platform) return lacking(source, '*');
  const attributes = objectAttributes(source);
  const members = samples.map((target) => referenceNode('MEMBER', target));
  return node('EXPERIMENT', attributes, [
    leaf('TITLE', record.title),
    referenceNode('STUDY_REF', study),
    node('DESIGN', {}, [
      node('DESIGN_DESCRIPTION', {}, source.take('design_description') ?? ''),
      samples.length === 1
        ? referenceNode('SAMPLE_DESCRIPTOR', sample)
        : node('SAMPLE_DESCRIPTOR', {}, [node('POOL', {}, members)]),
      node('LIBRARY_DESCRIPTOR', {}, [
        leaf('LIBRARY_NAME', source.take('library_name')),
        leaf('LIBRARY_STRATEGY', strategy),
        leaf('LIBRARY_SOURCE', origin),
        leaf('LIBRARY_SELECTION', selection),
        layout,
        leaf('POOLING_STRATEGY', source.take('pooling_strategy')),
        leaf('LIBRARY_CONSTRUCTION_PROTOCOL', source.take('library_construction_protocol')),
      ]),
    ]),
    node('PLATFORM', {}, [node(platform.platform, {}, [leaf('INSTRUMENT_MODEL', platform.model)])]),
    source.restOf('EXPERIMENT'),
  ]);
}

function layoutNode(source: RecordSource): Node | undefined {
  const value = source.take('library_layout')?.toUpperCase();
  if (value === 'SINGLE' || value === 'FRAGMENT') return node('LIBRARY_LAYOUT', {}, [node('SINGLE', {})]);
  if (value !== 'PAIRED') return undefined;
  const sizes = {
    NOMINAL_LENGTH: takeMatching(source, 'nominal_length', /^\d{1,9}$/),
    NOMINAL_SDEV: takeMatching(source, 'nominal_sdev', /^\d+(\.\d+)?$/),
  };
  return node('LIBRARY_LAYOUT', {}, [node('PAIRED', sizes)]);
}

/** SRA.run.xsd: one experiment, and for each file its type and checksum, are required. */
function runNode(source: RecordSource): Node | undefined {
  const [experiment, ...others] = partsOf(source, 'experiment')('experiment');
  for (const other of others) source.lose('experiment', 'no_place', other);
  if (experiment === undefined) return lacking(source, 'experiment');
  const files = source.record.files.map((file) => fileNode(source, file));
  if (files.includes(undefined)) return lacking(source, 'files');
  const attributes = {
    ...objectAttributes(source),
    run_date: takeMatching(source, 'run_date', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/),
    run_center: source.take('run_center'),
  };
  return node('RUN', attributes, [
    leaf('TITLE', source.record.title),
    referenceNode('EXPERIMENT_REF', experiment),
    files.length === 0 ? undefined : node('DATA_BLOCK', {}, [node('FILES', {}, files)]),
    source.restOf('RUN'),
  ]);
}

function fileNode(source: RecordSource, file: DeclaredFile): Node | undefined {
  const type = spellFileType(file.format);
  const checksum = file.md5 ?? file.sha256;
  if (type === undefined) source.lose('file_format', 'unknown_term', `${file.name} ${file.format}`);
  if (checksum === undefined) source.lose('md5', 'needs_value', file.name);
  if (type === undefined || checksum === undefined) return undefined;
  if (file.md5 !== undefined && file.sha256 !== undefined) source.lose('sha256', 'no_place', file.name);
  const readTypes = (file.readTypes ?? []).map((value) => {
    const term = spellReadType(value);
    if (term === undefined) source.lose('read_type', 'unknown_term', value);
    return leaf('READ_TYPE', term);
  });
  const attributes = {
    filename: file.name,
    filetype: type,
    checksum_method: file.md5 === undefined ? 'SHA-256' : 'MD5',
    checksum,
    unencrypted_checksum: file.unencryptedMd5,
  };
  return node('FILE', attributes, readTypes);
}

/** The organism under ENA's or our field names; a project's needs both identifier and scientific name. */
function organismNode(element: string, source: RecordSource, both: boolean): Node | undefined {
  const filled = (...fields: readonly string[]): string | undefined =>
    fields.find((field) => single(source.record, field) !== '');
  const [idField, nameField] = [filled('taxon_id', 'taxonomy_id'), filled('scientific_name', 'organism')];
  const name = nameField === undefined ? '' : single(source.record, nameField);
  const id = idField === undefined ? source.taxonId(name) : single(source.record, idField);
  if (id === undefined || !/^\d{1,9}$/.test(id) || (both && name === '')) return undefined;
  for (const field of [idField, nameField]) if (field !== undefined) source.take(field);
  const further = both ? ['common_name', 'strain', 'breed', 'cultivar', 'isolate'] : ['common_name'];
  return node(element, {}, [
    leaf('TAXON_ID', id),
    leaf('SCIENTIFIC_NAME', name === '' ? undefined : name),
    ...further.map((field) => leaf(field.toUpperCase(), source.take(field))),
  ]);
}

const single = ({ attributes, units }: ArchiveRecord, field: string): string => {
  const value = units?.[field] === undefined ? attributes[field] : undefined;
  return typeof value === 'string' ? value : '';
};

/** Takes a value only when the schema's type admits it; otherwise it stays for the tags. */
const takeMatching = (source: RecordSource, field: string, pattern: RegExp): string | undefined =>
  pattern.test(single(source.record, field)) ? source.take(field) : undefined;

function takeTerm(source: RecordSource, field: string, spell: Speller): string | undefined {
  const value = source.take(field);
  const term = value === undefined ? undefined : spell(value);
  if (value === undefined) source.lose(field, 'needs_value');
  else if (term === undefined) source.lose(field, 'unknown_term', value);
  else if (term !== value) source.lose(field, 'substituted', value);
  return term;
}

function noFiles(source: RecordSource): void {
  for (const { name } of source.record.files) source.lose('files', 'no_place', name);
}

function lacking(source: RecordSource, field: string): undefined {
  if (field !== '*') source.lose(field, 'needs_value');
  source.lose('*', 'needs_value');
}
