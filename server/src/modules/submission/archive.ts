import type { Config } from '../../platform/config.ts';
import type { SubmissionPorts } from './ports.ts';

/** The rules of this installation and the modules above: what use cases of the archive need beside the call. */
export interface Archive extends SubmissionPorts {
  readonly rules: Config['archive'];
}
