/**
 * Key nodes in the life of genetic data, after the Group standard "Blockchain: guide for genetic data services" (2019): sampling,
 * sequencing, pre-processing, custody (analysis, storage, transmission, destruction), application, third-party verification; and
 * what concerns the installation itself.
 */
export const stages = [
  'sampling',
  'sequencing',
  'preprocessing',
  'custody',
  'application',
  'verification',
  'governance',
] as const;
export type Stage = (typeof stages)[number];

/** By module; what differs within a module stands in `exact`. */
const ofModule: Readonly<Record<string, Stage>> = {
  platform: 'governance',
  identity: 'governance',
  access: 'governance',
  ledger: 'governance',
  reference: 'governance',
  files: 'custody',
  inbox: 'custody',
  submission: 'preprocessing',
  object: 'custody',
  review: 'verification',
  catalog: 'application',
  biobank: 'sampling',
  compute: 'application',
  virus: 'application',
  compliance: 'verification',
  destruction: 'custody',
  secops: 'governance',
};

const exact: Readonly<Record<string, Stage>> = {
  'files.checked': 'preprocessing',
  'files.downloaded': 'application',
  'files.download_cut': 'application',
  'files.download_stopped': 'application',
  'object.released': 'application',
  'object.cited': 'application',
};

/** Which stage it is when an object of a type gets its accession. */
const ofObject: Readonly<Record<string, Stage>> = {
  sample: 'sampling',
  experiment: 'sequencing',
  run: 'sequencing',
};

/** The stage of an act. @param content as the event's type defines it */
export function stageOf(type: string, content: Readonly<Record<string, unknown>> = {}): Stage | undefined {
  const object = content['type'];
  if (type === 'object.accessioned' && typeof object === 'string') return ofObject[object] ?? 'custody';
  return exact[type] ?? ofModule[type.slice(0, type.indexOf('.'))];
}
