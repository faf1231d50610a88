/** Why a party stops. The phase is told to partners, so it never names a value. */
export type AbortCode =
  | 'mac_check'
  | 'open_mismatch'
  | 'input_mismatch'
  | 'coin_mismatch'
  | 'message_length'
  | 'link_closed'
  | 'partner_aborted'
  | 'out_of_range';

/** Privacy holds, the result does not: somebody deviated or was cut off, and nothing was opened after that. */
export class Abort extends Error {
  readonly code: AbortCode;
  readonly phase: string;
  constructor(code: AbortCode, phase: string) {
    super(`${phase}: ${code}`);
    this.name = 'Abort';
    this.code = code;
    this.phase = phase;
  }
}
