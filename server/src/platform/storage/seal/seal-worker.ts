import { serveLanes } from '../../threads.ts';
import { startSealer, type Sealing, type Step, type Stepped, type Whole } from './sealer.ts';

export type SealRequest = { readonly begin: Sealing } | { readonly step: Step } | { readonly end: true };
export type SealReply = { readonly stepped: Stepped } | { readonly whole: Whole };

serveLanes<SealRequest>((reply) => {
  const answer = (said: SealReply) => reply(said);
  let sealer: ReturnType<typeof startSealer> | undefined;
  return {
    take(request) {
      if ('begin' in request) sealer = startSealer(request.begin);
      else if (!sealer) throw new Error('a step before the beginning');
      else if ('step' in request) answer({ stepped: sealer.step(request.step) });
      else answer({ whole: sealer.end() });
    },
  };
});
