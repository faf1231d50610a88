/** Why something that came from outside is no part of a log, or not to be believed. */
export type LogErrorCode =
  | 'base64'
  | 'number'
  | 'note_malformed'
  | 'note_too_large'
  | 'key_malformed'
  | 'bad_signature'
  | 'not_signed'
  | 'checkpoint_malformed'
  | 'proof_malformed'
  | 'proof_wrong'
  | 'tile_malformed'
  | 'bundle_malformed'
  | 'policy_malformed'
  | 'quorum_missing'
  | 'request_malformed'
  | 'entry_too_large'
  | 'entry_malformed'
  | 'envelope_malformed'
  | 'commitment_wrong'
  | 'cose_malformed'
  | 'node_missing';

/** What a reader of logs refuses; `code` is stable, the message is for the person who looks into it. */
export class LogError extends Error {
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string) {
    super(message);
    this.name = 'LogError';
    this.code = code;
  }
}
