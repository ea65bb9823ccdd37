import type { RateLimitReading } from '../../connector/provider-answer.ts';
import { figureOf, type Headers, listTextOf } from './header-values.ts';

/** One member of a list of RFC 9651 with its parameters, as far as these two headers need it. */
interface Member {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Most limits of one answer that are read. */
const most = 20;

/**
 * Limits in the fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers): `RateLimit-Policy: "hourly";q=100;w=3600` and `RateLimit:
 * "hourly";r=7;t=30`, joined by name; also as older drafts wrote them (`limit=100, remaining=7, reset=30` and `100;w=60`). `prefix` is put before both
 * names, such as `beta-`.
 */
export function readPolicyLimits(headers: Headers, prefix = ''): readonly RateLimitReading[] {
  const state = parseList(listTextOf(headers, `${prefix}ratelimit`));
  const policies = parseList(listTextOf(headers, `${prefix}ratelimit-policy`));
  const older = olderForm(state, policies);
  if (older !== undefined) return [older];
  const readings = new Map<string, RateLimitReading>();
  for (const { value, parameters } of policies) {
    const limit = figureOf(parameters.get('q'));
    const window = figureOf(parameters.get('w'));
    if (limit === undefined) continue;
    readings.set(value, { name: value, ...unitOf(parameters), limit, ...(window === undefined ? {} : { windowMs: window * 1_000 }) });
  }
  for (const { value, parameters } of state) {
    const remaining = figureOf(parameters.get('r'));
    const reset = figureOf(parameters.get('t'));
    if (remaining === undefined) continue;
    const known = readings.get(value) ?? { name: value };
    readings.set(value, { ...known, remaining, ...(reset === undefined ? {} : { resetAfterMs: reset * 1_000 }) });
  }
  return [...readings.values()];
}

/** The unit of a policy, `qu`; requests where it is not said. */
function unitOf(parameters: Member['parameters']): Pick<RateLimitReading, 'unit'> {
  const unit = parameters.get('qu');
  return unit === undefined || unit === 'requests' ? {} : { unit };
}

/** The one limit of drafts before the seventh: a dictionary for the state, a bare number for the policy. */
function olderForm(state: readonly Member[], policies: readonly Member[]): RateLimitReading | undefined {
  const figures = new Map(
    state.flatMap(({ value }) => [/^(limit|remaining|reset)=(\d{1,15})$/.exec(value)]).map((found) => [found?.[1], found?.[2]]),
  );
  const limit = figureOf(figures.get('limit') ?? policies.find(({ value }) => /^\d+$/.test(value))?.value);
  const remaining = figureOf(figures.get('remaining'));
  if (remaining === undefined) return undefined;
  const reset = figureOf(figures.get('reset'));
  const window = figureOf(policies[0]?.parameters.get('w'));
  return {
    ...(limit === undefined ? {} : { limit }),
    remaining,
    ...(reset === undefined ? {} : { resetAfterMs: reset * 1_000 }),
    ...(window === undefined ? {} : { windowMs: window * 1_000 }),
  };
}

/** Splits at commas and semicolons that stand outside of quotes. Nothing in it recurses or looks back. */
function parseList(text: string | undefined): readonly Member[] {
  if (text === undefined) return [];
  return split(text, ',')
    .slice(0, most)
    .map((member) => {
      const [value = '', ...parameters] = split(member, ';');
      return { value: bare(value), parameters: new Map(parameters.map(parameter)) };
    })
    .filter(({ value }) => value !== '');
}

function parameter(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim().toLowerCase(), ''] : [text.slice(0, at).trim().toLowerCase(), bare(text.slice(at + 1))];
}

function split(text: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function bare(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('"') && trimmed.endsWith('"') && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed;
}
