import type { ChallengeDeclaration } from './challenge-declaration.ts';
import type { WebhookDeclaration } from './webhook-declaration.ts';

/** What keeps the hub from knowing what a connector's webhooks may bring to its door, or `undefined`. */
export function doorFault(webhook: WebhookDeclaration): string | undefined {
  return contentTypeFault(webhook) ?? challengeFault(webhook) ?? secretFieldsFault(webhook);
}

const mediaType = /^(\+json|[a-z]+\/[a-z0-9][a-z0-9!#$&^_.+-]*)$/;

/** Most keys that a connector may let a body have. */
const mostKeys = 1_000_000;

function contentTypeFault({ contentTypes = ['application/json'], maximumKeys = 0 }: WebhookDeclaration): string | undefined {
  const isList = Array.isArray(contentTypes) && contentTypes.length > 0;
  if (!isList || !contentTypes.every((type) => typeof type === 'string' && mediaType.test(type))) {
    return 'the contentTypes of its webhooks must be media types in lower case without parameters, such as application/json';
  }
  if (contentTypes.includes('multipart/form-data')) return 'the contentTypes of its webhooks hold multipart/form-data, which is not read';
  if (Number.isInteger(maximumKeys) && maximumKeys >= 0 && maximumKeys <= mostKeys) return undefined;
  return `the maximumKeys of its webhooks must be a whole number up to ${mostKeys}`;
}

const hostPattern = /^(?:\*|[a-z0-9-]+)(?:\.(?:\*|[a-z0-9-]+))*\.[a-z0-9-]+\.[a-z]+$/;

function challengeFault({ challenges = [], confirmation, offeredSecret }: WebhookDeclaration): string | undefined {
  if (!Array.isArray(challenges) || !challenges.every(isChallenge))
    return "the challenges of its webhooks must be { kind: 'echo', method, parameter } or { kind: 'cloudevents', origins }";
  if (offeredSecret !== undefined && !isName(offeredSecret.bodyField)) return 'the offeredSecret of its webhooks must name a bodyField';
  if (confirmation === undefined) return undefined;
  const { field, equals, urlField, hosts } = confirmation;
  const isNamed = [field, equals, urlField].every((name) => typeof name === 'string' && name !== '');
  const isPinned = Array.isArray(hosts) && hosts.length > 0 && hosts.every((host) => hostPattern.test(host));
  return isNamed && isPinned
    ? undefined
    : 'the confirmation of its webhooks must name field, equals, urlField and hosts such as sns.*.amazonaws.com';
}

function secretFieldsFault({ secretFields }: WebhookDeclaration): string | undefined {
  if (secretFields === undefined) return undefined;
  const isSound = Array.isArray(secretFields) && secretFields.length > 0 && secretFields.every(isName);
  return isSound ? undefined : 'the secretFields of its webhooks must be names of fields';
}

const isName = (text: unknown): boolean => typeof text === 'string' && /^[A-Za-z0-9._-]+$/.test(text);

function isChallenge(challenge: ChallengeDeclaration): boolean {
  if (challenge.kind === 'echo') return (challenge.method === 'GET' || challenge.method === 'POST') && isName(challenge.parameter);
  if (challenge.kind !== 'cloudevents' || !Array.isArray(challenge.origins)) return false;
  const { origins, ratePerMinute = 1 } = challenge;
  return (
    origins.length > 0 &&
    origins.every((origin) => /^[A-Za-z0-9.-]{1,253}$/.test(origin)) &&
    Number.isInteger(ratePerMinute) &&
    ratePerMinute > 0
  );
}
