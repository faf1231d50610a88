import type { ArchiveRecord, DeclaredFile, ObjectType, Reference } from '../../model/record.ts';
import type { Place } from '../../rules/rule.ts';
import type { Report } from '../report.ts';
import { declaredFile } from '../tables/files.ts';
import type { FilePart } from '../tables/names.ts';
import { takerOf } from './element.ts';
import type { Element, Taker } from './element.ts';
import { put, takeAttributes, takeOrganism, takeReferences, targetOf } from './gather.ts';
import type { Gathered } from './gather.ts';

interface Parts {
  readonly title?: string | undefined;
  readonly references: readonly Reference[];
  readonly files?: readonly DeclaredFile[];
}

/** Elements that are objects, with the kind of record and the reading of their content. */
const readers: Readonly<Record<string, readonly [ObjectType, (object: Taker, gathered: Gathered) => Parts]>> = {
  PROJECT: ['project', readProject],
  STUDY: ['project', readStudy],
  SAMPLE: ['sample', readSample],
  EXPERIMENT: ['experiment', readExperiment],
  RUN: ['run', readRun],
  ANALYSIS: ['analysis', readAnalysis],
};

/** Whether an element of this name is read as a record. */
export const isObject = (name: string): boolean => Object.hasOwn(readers, name);

/** Reads one object of an SRA or ENA document; what has no place in a record is reported. */
export function readObject(element: Element, place: Place, report: Report): ArchiveRecord | undefined {
  const reader = readers[element.name];
  if (!reader) return undefined;
  const [type, read] = reader;
  const object = takerOf(element, place, report);
  const gathered: Gathered = { attributes: new Map(), units: new Map() };
  const identifiers = object.child('IDENTIFIERS');
  const accession = object.attribute('accession') ?? identifiers?.text('PRIMARY_ID');
  const alias = object.attribute('alias') ?? identifiers?.text('SUBMITTER_ID') ?? accession;
  const here = { ...place, line: element.line, column: element.column };
  if (alias === undefined) {
    report('GW3075', here, { value: element.name });
    return undefined;
  }
  identifiers?.child('SUBMITTER_ID')?.attribute('namespace');
  takeAttributes(object, element.name, gathered);
  const { title, references, files = [] } = read(object, gathered);
  object.finish();
  return {
    type,
    alias,
    ...(accession === undefined ? {} : { accession }),
    ...(title === undefined ? {} : { title }),
    ...(gathered.checklist === undefined ? {} : { checklist: gathered.checklist }),
    attributes: Object.fromEntries(gathered.attributes),
    ...(gathered.units.size === 0 ? {} : { units: Object.fromEntries(gathered.units) }),
    references,
    files,
    place: { ...here, alias },
  };
}

/** ENA.project.xsd */
function readProject(object: Taker, gathered: Gathered): Parts {
  put(gathered, 'name', object.text('NAME'));
  put(gathered, 'summary', object.text('DESCRIPTION'));
  put(gathered, 'first_public', object.attribute('first_public'));
  for (const person of object.child('COLLABORATORS')?.children('COLLABORATOR') ?? [])
    put(gathered, 'contributors', person.text());
  const submission = object.child('SUBMISSION_PROJECT');
  for (const prefix of submission?.child('SEQUENCING_PROJECT')?.children('LOCUS_TAG_PREFIX') ?? [])
    put(gathered, 'locus_tag_prefix', prefix.text());
  const umbrella = object.child('UMBRELLA_PROJECT');
  if (umbrella) put(gathered, 'umbrella', 'yes');
  takeOrganism((submission ?? umbrella)?.child('ORGANISM'), gathered);
  const parents = object.child('RELATED_PROJECTS')?.children('RELATED_PROJECT') ?? [];
  return {
    title: object.text('TITLE'),
    references: parents.flatMap((related) => takeReferences(related, 'PARENT_PROJECT', 'project')),
  };
}

/** SRA.study.xsd */
function readStudy(object: Taker, gathered: Gathered): Parts {
  const descriptor = object.child('DESCRIPTOR');
  const kind = descriptor?.child('STUDY_TYPE');
  put(gathered, 'study_type', kind?.attribute('existing_study_type'));
  put(gathered, 'new_study_type', kind?.attribute('new_study_type'));
  put(gathered, 'summary', descriptor?.text('STUDY_ABSTRACT'));
  put(gathered, 'study_description', descriptor?.text('STUDY_DESCRIPTION'));
  put(gathered, 'center_project_name', descriptor?.text('CENTER_PROJECT_NAME'));
  return { title: descriptor?.text('STUDY_TITLE'), references: [] };
}

/** SRA.sample.xsd */
function readSample(object: Taker, gathered: Gathered): Parts {
  takeOrganism(object.child('SAMPLE_NAME'), gathered);
  put(gathered, 'description', object.text('DESCRIPTION'));
  return { title: object.text('TITLE'), references: [] };
}

/** SRA.experiment.xsd */
function readExperiment(object: Taker, gathered: Gathered): Parts {
  const design = object.child('DESIGN');
  const library = design?.child('LIBRARY_DESCRIPTOR');
  put(gathered, 'design_description', design?.text('DESIGN_DESCRIPTION'));
  for (const name of libraryElements) put(gathered, name.toLowerCase(), library?.text(name));
  const [layout] = library?.child('LIBRARY_LAYOUT')?.rest() ?? [];
  put(gathered, 'library_layout', layout?.element.name);
  put(gathered, 'nominal_length', layout?.attribute('NOMINAL_LENGTH'));
  put(gathered, 'nominal_sdev', layout?.attribute('NOMINAL_SDEV'));
  takePlatform(object, gathered);
  const descriptor = design?.child('SAMPLE_DESCRIPTOR');
  const members = descriptor?.child('POOL')?.children('MEMBER') ?? [];
  return {
    title: object.text('TITLE'),
    references: [
      ...takeReferences(object, 'STUDY_REF', 'project'),
      ...(descriptor ? targetOf(descriptor, 'sample') : []),
      ...members.flatMap((member) => targetOf(member, 'sample')),
    ],
  };
}

const libraryElements = [
  'LIBRARY_NAME',
  'LIBRARY_STRATEGY',
  'LIBRARY_SOURCE',
  'LIBRARY_SELECTION',
  'POOLING_STRATEGY',
  'LIBRARY_CONSTRUCTION_PROTOCOL',
] as const;

function takePlatform(object: Taker, gathered: Gathered): void {
  const [platform] = object.child('PLATFORM')?.rest() ?? [];
  put(gathered, 'platform', platform?.element.name);
  put(gathered, 'instrument_model', platform?.text('INSTRUMENT_MODEL'));
}

/** SRA.run.xsd */
function readRun(object: Taker, gathered: Gathered): Parts {
  takePlatform(object, gathered);
  put(gathered, 'run_date', object.attribute('run_date'));
  put(gathered, 'run_center', object.attribute('run_center'));
  return {
    title: object.text('TITLE'),
    references: takeReferences(object, 'EXPERIMENT_REF', 'experiment'),
    files: takeFiles(object.child('DATA_BLOCK')),
  };
}

/** SRA.analysis.xsd, as far as an analysis is flat: its type, the plain elements inside, references and files. */
function readAnalysis(object: Taker, gathered: Gathered): Parts {
  put(gathered, 'description', object.text('DESCRIPTION'));
  put(gathered, 'analysis_center', object.attribute('analysis_center'));
  put(gathered, 'analysis_date', object.attribute('analysis_date'));
  const [type] = object.child('ANALYSIS_TYPE')?.rest() ?? [];
  put(gathered, 'analysis_type', type?.element.name);
  for (const leaf of type?.rest() ?? []) put(gathered, leaf.element.name.toLowerCase(), leaf.text());
  return {
    title: object.text('TITLE'),
    references: [
      ...takeReferences(object, 'STUDY_REF', 'project'),
      ...takeReferences(object, 'SAMPLE_REF', 'sample'),
      ...takeReferences(object, 'EXPERIMENT_REF', 'experiment'),
      ...takeReferences(object, 'RUN_REF', 'run'),
      ...takeReferences(object, 'ANALYSIS_REF', 'analysis'),
    ],
    files: takeFiles(object),
  };
}

function takeFiles(parent: Taker | undefined): readonly DeclaredFile[] {
  return (parent?.child('FILES')?.children('FILE') ?? []).flatMap((file) => {
    const method = file.attribute('checksum_method');
    const cells = new Map<FilePart, string>();
    const set = (part: FilePart, value: string | undefined): void => {
      if (value !== undefined) cells.set(part, value);
    };
    set('name', file.attribute('filename'));
    set('format', file.attribute('filetype'));
    set(method === 'SHA-256' ? 'sha256' : 'md5', file.attribute('checksum'));
    set('unencryptedMd5', file.attribute('unencrypted_checksum'));
    const types = file.children('READ_TYPE').flatMap((type) => type.text() ?? []);
    if (types.length > 0) set('readTypes', types.join(','));
    return declaredFile(cells) ?? [];
  });
}
