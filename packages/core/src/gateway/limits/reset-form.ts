import { parseDuration } from './parse-duration.ts';

/**
 * How a service writes when a window ends. `any` tells them apart: digits from 1,000,000,000 on are seconds since 1970, from 1,000,000,000,000 on
 * milliseconds, fewer are seconds from now; `6m0s` is a duration, the rest a date.
 */
export type ResetForm = 'any' | 'epoch_seconds' | 'epoch_milliseconds' | 'date' | 'seconds' | 'milliseconds' | 'duration';

/** The end of a window, by the service's clock or from now, both in milliseconds. */
export type WindowEnd = { readonly resetsAt: number } | { readonly resetAfterMs: number };

const digits = /^\d{1,16}(\.\d{1,9})?$/;

// With a zone or without, to the minute (Jira), the second or finer.
const isoDate = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|z|[+-]\d{2}:?\d{2})?$/;
const httpDate = /^[A-Za-z]{3,9}, .{1,40} (GMT|UTC)$/;

/** Reads the end of a window; `undefined` for what is not of that form. */
export function readReset(text: string, form: ResetForm): WindowEnd | undefined {
  switch (form) {
    case 'epoch_seconds':
      return digits.test(text) ? { resetsAt: Number(text) * 1_000 } : undefined;
    case 'epoch_milliseconds':
      return digits.test(text) ? { resetsAt: Number(text) } : undefined;
    case 'seconds':
      return digits.test(text) ? { resetAfterMs: Math.ceil(Number(text) * 1_000) } : undefined;
    case 'milliseconds':
      return digits.test(text) ? { resetAfterMs: Math.ceil(Number(text)) } : undefined;
    case 'duration':
      return after(parseDuration(text));
    case 'date':
      return dated(text);
    case 'any':
      return digits.test(text) ? readReset(text, formOfFigure(Number(text))) : (after(parseDuration(text)) ?? dated(text));
  }
}

function formOfFigure(figure: number): ResetForm {
  if (figure >= 1e12) return 'epoch_milliseconds';
  return figure >= 1e9 ? 'epoch_seconds' : 'seconds';
}

function after(resetAfterMs: number | undefined): WindowEnd | undefined {
  return resetAfterMs === undefined ? undefined : { resetAfterMs };
}

function dated(text: string): WindowEnd | undefined {
  if (httpDate.test(text)) return at(Date.parse(text));
  const found = isoDate.exec(text);
  if (found === null) return undefined;
  const sound = text.toUpperCase().replace(' ', 'T');
  // Without a zone the machine's own would be taken.
  return at(Date.parse(found[3] === undefined ? `${sound}Z` : sound));
}

function at(resetsAt: number): WindowEnd | undefined {
  return Number.isNaN(resetsAt) ? undefined : { resetsAt };
}
