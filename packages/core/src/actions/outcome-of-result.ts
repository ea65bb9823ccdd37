import type { ActionResult } from '../connector/iconnector.ts';
import type { Finding, Outcome } from '../contracts/executor.ts';
import type { Reconciliation } from '../contracts/idempotency.ts';
import type { GatewaySession } from '../gateway/open-session.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import type { Json } from '../json/json.ts';

/** A warning as text. What a connector gives may be anything, and must not undo what has happened. */
const textOf = (warning: unknown): string =>
  Object(warning) === warning ? 'The connector warned with something that is no text.' : String(warning).slice(0, most.characters);

/** Longest list of warnings and longest warning that are kept. */
const most = { warnings: 20, characters: 500 };

/** Longest output that is kept, in bytes of its JSON text: it is stored twice, and each later step of its run carries it along. */
const longestOutput = 1_048_576;

const outputNotKept = 'The output was larger than 1 MiB and was not kept; later steps read null. Ask the service for less.';

/** It has happened, whatever it answered: an output that is too long to be kept is told of, and does not make it fail. */
export function outcomeOfResult(result: ActionResult, session: Pick<GatewaySession, 'requestId'>): Outcome {
  const requestId = result.providerRequestId ?? session.requestId();
  const text = JSON.stringify(result.output) ?? null;
  const isKept = text === null || !isLongerThan(text, longestOutput);
  const given = Array.isArray(result.warnings) ? result.warnings : [];
  const warnings = (isKept ? given : [outputNotKept, ...given]).slice(0, most.warnings);
  return {
    outcome: 'succeeded',
    output: isKept ? text : null,
    ...(typeof requestId === 'string' ? { providerRequestId: requestId.slice(0, most.characters) } : {}),
    ...(warnings.length > 0 ? { warnings: warnings.map(textOf) } : {}),
  };
}

/** Whatever is none of the three answers is no word that nothing happened. */
export function soundFinding(finding: Reconciliation<Json>): Finding {
  switch (finding?.answer) {
    case 'found':
      return { answer: 'found', output: JSON.stringify(finding.output) ?? null };
    case 'absent':
      return { answer: 'absent' };
    default:
      return {
        answer: 'cannot_tell',
        ...(typeof finding?.reason === 'string' ? { reason: finding.reason.slice(0, most.characters) } : {}),
      };
  }
}
