import type { ProviderAnswer, ProviderFault, RateLimitReading } from '../../connector/provider-answer.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { type KnownService, knownLimits } from './known-limits.ts';
import { readCommonLimits } from './read-common-limits.ts';
import { type LimitHeaders, readHeaderLimit } from './read-header-limit.ts';
import { readPolicyLimits } from './read-policy-limits.ts';
import { toldLimit } from './told-limit.ts';

/** Reads the limits that an answer tells of. Fits `rateLimit` of a connector. */
export type LimitReader = (answer: Pick<ProviderAnswer, 'status' | 'headers'>) => readonly RateLimitReading[] | undefined;

/** Readers of limits for `defineConnector({ rateLimit })`, and of refusals for its `mapError`. */
export interface RateLimits {
  /** By the names of a service's own headers. */
  headers(...limits: readonly LimitHeaders[]): LimitReader;
  /** `RateLimit` and `RateLimit-Policy` of the IETF draft, also as older drafts wrote them. `prefix`: before both names, such as `beta-`. */
  ietf(options?: { readonly prefix?: string }): LimitReader;
  /** The first of several readers that finds something. */
  firstOf(...readers: readonly LimitReader[]): LimitReader;
  /** `X-RateLimit-*`, `RateLimit-*` and the IETF draft, whichever an answer has: what holds for a connector that declares no reader. */
  readonly common: LimitReader;
  /** Services whose headers are known. */
  readonly known: Readonly<Record<KnownService, LimitReader>>;
  /**
   * What an answer means that tells of a limit by its body: a 400 of Linear or AWS, a 403 of GitHub, Google or Salesforce, a used-up budget of OpenAI.
   * `undefined` for every other answer.
   */
  told(answer: ProviderAnswer): ProviderFault | undefined;
}

/** Readers of limits, and of refusals for a limit's sake. */
export const rateLimits: RateLimits = {
  headers,
  ietf: ({ prefix = '' } = {}) => {
    const before = prefix.toLowerCase();
    return ({ headers: given }) => found(readPolicyLimits(given, before));
  },
  firstOf,
  common: ({ headers: given }) => found(readCommonLimits(given)),
  known: {
    github: headers(...knownLimits.github),
    gitlab: headers(...knownLimits.gitlab),
    jira: jira(),
    linear: headers(...knownLimits.linear),
    openai: headers(...knownLimits.openai),
    anthropic: headers(...knownLimits.anthropic),
    hubspot: headers(...knownLimits.hubspot),
    salesforce: headers(...knownLimits.salesforce),
  },
  told: toldLimit,
};

function headers(...limits: readonly LimitHeaders[]): LimitReader {
  const mute = limits.find((each) =>
    [each.limit, each.remaining, each.used, each.usage, each.refusedUntil].every((name) => name === undefined),
  );
  if (mute) throw tellsNothing();
  const specs = limits.map(lowered);
  return ({ headers: given }) => found(specs.flatMap((spec) => readHeaderLimit(given, spec) ?? []));
}

function tellsNothing(): PatchbayError {
  return new PatchbayError({
    code: 'connector_invalid',
    message:
      'rateLimits.headers needs to know where an answer says limit, remaining, used or usage; the end of a window alone tells nothing. For a wait that stands in a refusal, name its header as refusedUntil.',
  });
}

function firstOf(...readers: readonly LimitReader[]): LimitReader {
  return (answer) => {
    for (const reader of readers) {
      const readings = reader(answer);
      if (readings !== undefined) return readings;
    }
    return undefined;
  };
}

/** The points of an hour as policies (with and without `Beta-`, 2026), and the older headers of the bursts. */
function jira(): LimitReader {
  const burst = headers(...knownLimits.jira);
  return (answer) =>
    found([
      ...(burst(answer) ?? []),
      ...['', 'beta-'].flatMap((prefix) => readPolicyLimits(answer.headers, prefix)).map((reading) => ({ unit: 'points', ...reading })),
    ]);
}

function found(readings: readonly RateLimitReading[]): readonly RateLimitReading[] | undefined {
  return readings.length === 0 ? undefined : readings;
}

function lowered(spec: LimitHeaders): LimitHeaders {
  const names = ['nameFrom', 'limit', 'remaining', 'used', 'cost', 'reset', 'refusedUntil', 'windowFrom'] as const;
  const changed = Object.fromEntries(names.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name].toLowerCase()]])));
  return { ...spec, ...changed, ...(spec.usage ? { usage: { ...spec.usage, header: spec.usage.header.toLowerCase() } } : {}) };
}
