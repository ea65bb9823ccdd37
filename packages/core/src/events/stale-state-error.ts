import { PatchbayError } from '../errors/patchbay-error.ts';

/** The state that goes with an event has been moved on by somebody else; nothing was stored. Whoever looks again finds how far it is. */
export class StaleStateError extends PatchbayError {
  constructor() {
    super({
      code: 'conflict',
      message: 'Another process has moved the state on that the event goes with. Read it and go on from there.',
      retryable: true,
    });
  }
}
