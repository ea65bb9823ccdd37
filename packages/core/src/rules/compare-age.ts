import { parseDuration } from '../expression/duration.ts';
import { spendSteps } from '../expression/frame.ts';
import { momentOf } from '../expression/moment-of.ts';
import { describeKind } from './actual-value.ts';
import type { AgeOperator } from './condition.ts';
import { parseMoment } from './parse-moment.ts';
import { type Decide, erred, guarded } from './verdict.ts';

const hourNanoseconds = 3_600_000_000_000n;
const longForm = /^(?:(\d{1,4})w)?(?:(\d{1,5})d)?(.*)$/s;

/** Nanoseconds of `90m`, `36h`, `7d`, `2w`, `1d12h`; a day is 24 hours. Undefined for anything else, and for what is not above 0. */
export function parseSpan(text: string): bigint | undefined {
  if (text.length > 64) return undefined;
  const [, weeks = '0', days = '0', rest = ''] = longForm.exec(text) ?? [];
  const short = rest === '' ? 0n : /^\d/.test(rest) ? parseDuration(rest)?.nanoseconds : undefined;
  if (short === undefined) return undefined;
  const span = (BigInt(weeks) * 7n + BigInt(days)) * 24n * hourNanoseconds + short;
  return span > 0n ? span : undefined;
}

/** Does it hold for a moment so many nanoseconds from now, where below 0 is the past? */
const accepts: Readonly<Record<AgeOperator, (distance: bigint, span: bigint) => boolean>> = {
  within_last: (distance, span) => distance <= 0n && -distance <= span,
  within_next: (distance, span) => distance >= 0n && distance <= span,
  older_than: (distance, span) => -distance > span,
};

/** `within_last`, `within_next` and `older_than`: the field's date against the scope's `now`, which is its event's time unless it holds another. */
export function compileAge(op: AgeOperator, expected: string): Decide {
  const span = parseSpan(expected) ?? 0n;
  const accept = accepts[op];
  return guarded((value, frame) => {
    if (value === undefined || value === null) return false;
    if (typeof value !== 'string') return erred(`it is ${describeKind(value)}, not a date`);
    spendSteps(frame, 40);
    const moment = parseMoment(value);
    if (moment === undefined) return erred('it is no RFC 3339 timestamp or date');
    return accept(moment.nanoseconds - momentOf(frame).nanoseconds, span);
  });
}
