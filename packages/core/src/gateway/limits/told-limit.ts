import type { ProviderAnswer, ProviderFault } from '../../connector/provider-answer.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { figureOf, textOf } from './header-values.ts';

/** One way of services to say in a body that a limit is reached. */
interface Saying {
  readonly statuses: readonly number[];
  /** Where the code stands; `*` is each member of a list. */
  readonly at: readonly string[];
  readonly codes: readonly string[];
  /** A budget or a day's cap is not there again after a moment. */
  readonly isLasting?: true;
}

// The codes that the SDK of AWS takes for throttling.
const awsCodes = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'SlowDown',
  'PriorRequestNotComplete',
  'EC2ThrottledException',
];
const awsStatuses = [400, 403, 429, 503];

const sayings: readonly Saying[] = [
  { statuses: [400, 429], at: ['errors', '*', 'extensions', 'code'], codes: ['RATELIMITED'] },
  { statuses: [200, 429], at: ['error'], codes: ['ratelimited', 'rate_limited'] },
  ...[['__type'], ['code'], ['Code'], ['Error', 'Code']].map((at) => ({ statuses: awsStatuses, at, codes: awsCodes })),
  {
    statuses: [403, 429],
    at: ['error', 'errors', '*', 'reason'],
    codes: ['dailyLimitExceeded', 'dailyLimitExceededUnreg', 'quotaExceeded'],
    isLasting: true,
  },
  {
    statuses: [403, 429],
    at: ['error', 'errors', '*', 'reason'],
    codes: ['userRateLimitExceeded', 'rateLimitExceeded', 'sharingRateLimitExceeded'],
  },
  { statuses: [429], at: ['error', 'code'], codes: ['insufficient_quota', 'billing_hard_limit_reached'], isLasting: true },
  { statuses: [429], at: ['error', 'type'], codes: ['insufficient_quota'], isLasting: true },
  { statuses: [403], at: ['*', 'errorCode'], codes: ['REQUEST_LIMIT_EXCEEDED'], isLasting: true },
  { statuses: [429], at: ['policyName'], codes: ['DAILY'], isLasting: true },
  { statuses: [429], at: ['code'], codes: ['rate_limited', '20429'] },
  { statuses: [429], at: ['error', 'reason', '.tag'], codes: ['too_many_requests', 'too_many_write_operations'] },
];

/** What GitHub's documentation asks for where an answer names no time: at least a minute. */
const secondaryWaitMs = 60_000;

/** What an answer means that refuses for a limit's sake and says so in its body or by its headers; `undefined` for every other. */
export function toldLimit(answer: ProviderAnswer): ProviderFault | undefined {
  const header = awsStatuses.includes(answer.status)
    ? /^[A-Za-z0-9]{1,100}/.exec(textOf(answer.headers, 'x-amzn-errortype') ?? '')?.[0]
    : undefined;
  if (header !== undefined && awsCodes.includes(header)) return fault(header, true);
  for (const { statuses, at, codes, isLasting = false } of sayings) {
    if (!statuses.includes(answer.status)) continue;
    const code = codesAt(answer.body, at, 0).find((each) => codes.includes(each));
    if (code !== undefined) return fault(code, !isLasting);
  }
  return refusedFor(answer);
}

/** A 403 is mostly no limit: these signs make it one (docs.github.com, "Rate limits for the REST API"). */
function refusedFor({ status, headers, body }: ProviderAnswer): ProviderFault | undefined {
  if (status !== 403) return undefined;
  const message = isJsonObject(body) ? body['message'] : undefined;
  const isSecondary = typeof message === 'string' && /secondary rate limit|abuse detection/i.test(message.slice(0, 1_000));
  const isSpent = figureOf(textOf(headers, 'x-ratelimit-remaining')) === 0;
  if (!isSecondary && !isSpent) return undefined;
  const found = fault(isSecondary ? 'secondary_rate_limit' : 'rate_limit', true);
  return isSecondary && headers['retry-after'] === undefined ? { ...found, retryAfterMs: secondaryWaitMs } : found;
}

function codesAt(value: Json | undefined, at: readonly string[], depth: number): readonly string[] {
  const name = at[depth];
  // AWS puts a namespace before the code, and a number stands for Twilio's.
  if (name === undefined)
    return typeof value === 'string' ? [value.slice(value.lastIndexOf('#') + 1)] : typeof value === 'number' ? [String(value)] : [];
  if (name === '*') return Array.isArray(value) ? value.slice(0, 20).flatMap((each) => codesAt(each, at, depth + 1)) : [];
  return isJsonObject(value) && Object.hasOwn(value, name) ? codesAt(value[name], at, depth + 1) : [];
}

function fault(providerCode: string, retryable: boolean): ProviderFault {
  const message = retryable
    ? `The service limits the rate of requests (${providerCode}). The call is repeated later.`
    : `What the service allows this account is used up (${providerCode}), and a moment changes nothing. Wait for the next period, or raise the allowance.`;
  return { code: 'rate_limited', message, providerCode, retryable, sent: 'no' };
}
