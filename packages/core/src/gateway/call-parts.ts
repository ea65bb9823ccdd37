import type { Sender } from './create-sender.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import type { WritingLog } from './writing-log.ts';

/** What a call is made with. */
export interface CallParts {
  readonly gateway: GatewayOptions;
  readonly session: SessionOptions;
  readonly sender: Sender;
  readonly log: WritingLog;
}
