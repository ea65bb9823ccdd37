import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';

const accepted: WebhookAnswer = { status: 202, contentType: 'text/plain', body: '' };

/** Longest body of an answer, characters. */
const longestBody = 65_536;

/** The answer to an accepted delivery: the connector's, where it says one that HTTP can carry. The event is in by then, whatever it says. */
export function acceptedAnswer(declared: WebhookAnswer | undefined): WebhookAnswer {
  return declared !== undefined && isSound(declared) ? declared : accepted;
}

/** The connector's answer to a challenge, `undefined` where the delivery is none. Throws `internal` for one that HTTP cannot carry. */
export function challengeAnswer(connector: string, answer: WebhookAnswer | undefined): WebhookAnswer | undefined {
  if (answer === undefined || isSound(answer)) return answer;
  throw new PatchbayError({
    code: 'internal',
    message: `The connector ${connector} answers a challenge with what HTTP cannot carry. Report it to its author.`,
  });
}

function isSound(answer: WebhookAnswer): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const { status, contentType, body } = answer;
  return (
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    typeof contentType === 'string' &&
    /^[\x20-\x7e]{1,200}$/.test(contentType) &&
    typeof body === 'string' &&
    body.length <= longestBody
  );
}
