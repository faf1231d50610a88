export { apply, versionAt, type Applied, type BlockSetting } from './apply.ts';
export { Refusal, refusalOf, refusals, type RefusalCode } from './error.ts';
export { memo, type Memo, type QuickVerify } from './memo.ts';
export { applicationVersion } from './parameter.ts';
export {
  consentKind,
  jobKind,
  logKind,
  memberKind,
  parameterKind,
  recordKey,
  validatorKind,
  voteKind,
  type AcceptedHead,
  type Fault,
  type Job,
  type LogRecord,
  type Member,
  type ValidatorRecord,
} from './record.ts';
export type { ChainEvent } from './rules/setting.ts';
export { convict, powerChanges, type Misbehaviour } from './rules/validator.ts';
export {
  addressOf,
  appHash,
  decodeState,
  encodeState,
  firstState,
  proveRecord,
  read,
  redo,
  verifyRecord,
  type Change,
  type ChainState,
  type Genesis,
} from './state.ts';
export { mapChanges, mapGet } from './map.ts';
export { reader, writer } from './codec.ts';
export {
  encodeAct,
  parseTransaction,
  signTransaction,
  transactionLimit,
  type Act,
  type JobInput,
  type Transaction,
} from './transaction.ts';
export {
  chainClient,
  freeNonces,
  verifyCosignature,
  type ChainClient,
  type Cosigned,
  type RpcCall,
  type Submitted,
} from './client.ts';
