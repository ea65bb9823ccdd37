import type { LimitHeaders } from './read-header-limit.ts';

const day = 86_400_000;

/** Services whose headers are known. */
export type KnownService = 'github' | 'gitlab' | 'jira' | 'linear' | 'openai' | 'anthropic' | 'hubspot' | 'salesforce';

/**
 * The headers of services that have their own, as their documentation gives them (2026). A service that only says `Retry-After` (Slack, Notion, Microsoft
 * Graph, Dropbox, Twilio, Google) needs no entry.
 */
export const knownLimits: Readonly<Record<KnownService, readonly LimitHeaders[]>> = {
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
  github: [
    {
      nameFrom: 'x-ratelimit-resource',
      limit: 'x-ratelimit-limit',
      remaining: 'x-ratelimit-remaining',
      used: 'x-ratelimit-used',
      reset: 'x-ratelimit-reset',
      resetForm: 'epoch_seconds',
      windowMs: 3_600_000,
    },
  ],
  // Sometimes missing or wrong on gitlab.com; what is wrong is bounded like everything else.
  gitlab: [
    {
      nameFrom: 'ratelimit-name',
      limit: 'ratelimit-limit',
      remaining: 'ratelimit-remaining',
      used: 'ratelimit-observed',
      reset: 'ratelimit-reset',
      resetForm: 'epoch_seconds',
    },
  ],
  // The end of the window to the minute: 2026-11-20T10:02Z.
  jira: [{ limit: 'x-ratelimit-limit', remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', resetForm: 'date' }],
  linear: [
    each('requests', 'x-ratelimit-requests-', '', { resetForm: 'epoch_milliseconds' }),
    { ...each('complexity', 'x-ratelimit-complexity-', '', { resetForm: 'epoch_milliseconds' }), unit: 'complexity', cost: 'x-complexity' },
  ],
  openai: [
    each('requests', 'x-ratelimit-', '-requests', { resetForm: 'duration' }),
    { ...each('tokens', 'x-ratelimit-', '-tokens', { resetForm: 'duration' }), unit: 'tokens' },
  ],
  anthropic: [
    each('requests', 'anthropic-ratelimit-requests-', '', { resetForm: 'date' }),
    ...['tokens', 'input-tokens', 'output-tokens'].map((name) => ({
      ...each(name, `anthropic-ratelimit-${name}-`, '', { resetForm: 'date' }),
      unit: 'tokens',
    })),
  ],
  hubspot: [
    {
      name: 'interval',
      limit: 'x-hubspot-ratelimit-max',
      remaining: 'x-hubspot-ratelimit-remaining',
      windowFrom: 'x-hubspot-ratelimit-interval-milliseconds',
    },
    { name: 'secondly', limit: 'x-hubspot-ratelimit-secondly', remaining: 'x-hubspot-ratelimit-secondly-remaining', windowMs: 1_000 },
    { name: 'daily', limit: 'x-hubspot-ratelimit-daily', remaining: 'x-hubspot-ratelimit-daily-remaining', windowMs: day },
  ],
  // 18 of the 5,000 of a day are used.
  salesforce: [{ name: 'daily', usage: { header: 'sforce-limit-info', name: 'api-usage' }, windowMs: day }],
};

function each(name: string, before: string, behind: string, more: Pick<LimitHeaders, 'resetForm'>): LimitHeaders {
  return { name, limit: `${before}limit${behind}`, remaining: `${before}remaining${behind}`, reset: `${before}reset${behind}`, ...more };
}
