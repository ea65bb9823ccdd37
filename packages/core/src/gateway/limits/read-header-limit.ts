import type { RateLimitReading } from '../../connector/provider-answer.ts';
import { dateOf, figureOf, type Headers, textOf } from './header-values.ts';
import { type ResetForm, readReset, type WindowEnd } from './reset-form.ts';

/** Which headers tell of one limit. Names in lower case. */
export interface LimitHeaders {
  /** Name of the limit where a service has several. @default the one limit of the connection */
  readonly name?: string;
  /** Header that holds the limit's name, such as GitHub's `x-ratelimit-resource`. */
  readonly nameFrom?: string;
  /** What is counted. Of anything but requests only its end is heeded. @default 'requests' */
  readonly unit?: string;
  readonly limit?: string;
  readonly remaining?: string;
  readonly used?: string;
  /** What this request has cost. */
  readonly cost?: string;
  readonly reset?: string;
  /** Header of a refusal that says until when the service wants no request, such as `retry-at`; `Retry-After` is read without being named. */
  readonly refusedUntil?: string;
  /** How `reset` and `refusedUntil` are written. @default 'any' */
  readonly resetForm?: ResetForm;
  /** Length of the window, milliseconds, where the service documents it. */
  readonly windowMs?: number;
  /** Header that holds the length of the window in milliseconds. */
  readonly windowFrom?: string;
  /** Header that holds used and limit as `name=18/5000`, with this name. */
  readonly usage?: { readonly header: string; readonly name: string };
}

/** One limit as the headers tell it; `undefined` where they tell neither limit nor what is left nor what is used. */
export function readHeaderLimit(headers: Headers, spec: LimitHeaders): RateLimitReading | undefined {
  const refused = refusalOf(headers, spec);
  if (refused !== undefined) return refused;
  const pair = spec.usage === undefined ? undefined : usageOf(headers, spec.usage);
  const limit = pair?.limit ?? figureIn(headers, spec.limit);
  const used = pair?.used ?? figureIn(headers, spec.used);
  const remaining = figureIn(headers, spec.remaining) ?? leftOf(limit, used);
  if (limit === undefined && remaining === undefined && used === undefined) return undefined;
  const cost = figureIn(headers, spec.cost);
  const windowMs = figureIn(headers, spec.windowFrom) ?? spec.windowMs;
  const name = (spec.nameFrom === undefined ? undefined : textOf(headers, spec.nameFrom)) ?? spec.name;
  return {
    ...(name === undefined ? {} : { name }),
    ...(spec.unit === undefined ? {} : { unit: spec.unit }),
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(used === undefined ? {} : { used }),
    ...(cost === undefined ? {} : { cost }),
    ...(windowMs === undefined ? {} : { windowMs }),
    ...endOf(headers, spec),
  };
}

/** The end of a window from now, where it can be told without a clock of ours: an absolute time is held against the answer's own date. */
export function fromNow(end: WindowEnd | undefined, headers: Headers): Partial<Pick<RateLimitReading, 'resetAfterMs' | 'resetsAt'>> {
  if (end === undefined || 'resetAfterMs' in end) return end ?? {};
  const sentAt = dateOf(headers);
  return sentAt === undefined ? end : { resetAfterMs: Math.max(0, end.resetsAt - sentAt) };
}

/** That nothing remains until a time. */
function refusalOf(headers: Headers, spec: LimitHeaders): RateLimitReading | undefined {
  const end = endOf(headers, { reset: spec.refusedUntil, resetForm: spec.resetForm });
  if (end.resetAfterMs === undefined && end.resetsAt === undefined) return undefined;
  return { ...(spec.name === undefined ? {} : { name: spec.name }), remaining: 0, ...end };
}

type End = Partial<Pick<RateLimitReading, 'resetAfterMs' | 'resetsAt'>>;

function endOf(headers: Headers, { reset, resetForm = 'any' }: { reset?: string | undefined; resetForm?: ResetForm | undefined }): End {
  const text = reset === undefined ? undefined : textOf(headers, reset);
  return text === undefined ? {} : fromNow(readReset(text, resetForm), headers);
}

function figureIn(headers: Headers, name: string | undefined): number | undefined {
  return name === undefined ? undefined : figureOf(textOf(headers, name));
}

function leftOf(limit: number | undefined, used: number | undefined): number | undefined {
  return limit === undefined || used === undefined ? undefined : Math.max(0, limit - used);
}

function usageOf(headers: Headers, { header, name }: { readonly header: string; readonly name: string }) {
  for (const part of (textOf(headers, header) ?? '').split(/[,;]/)) {
    const found = /^\s*([\w-]{1,64})\s*=\s*(\d{1,15})\s*\/\s*(\d{1,15})\s*(\(|$)/.exec(part);
    if (found?.[1] === name) return { used: Number(found[2]), limit: Number(found[3]) };
  }
  return undefined;
}
