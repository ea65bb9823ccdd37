import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import type { NetworkResponse } from '../../net/network-request.ts';
import type { DeliveryBody } from './delivery-body.ts';

/** Type of the event that asks a URL whether it wants deliveries. */
export const challengeType = 'endpoint.verification';

/** The body that asks; whatever payload the endpoint has, this is one of Standard Webhooks. */
export function challengeBody(challenge: string, now: number): DeliveryBody {
  const timestamp = new Date(now).toISOString();
  return { text: JSON.stringify({ type: challengeType, timestamp, data: { challenge } }), contentType: 'application/json' };
}

/** Does the answer say the challenge: as its whole text, or as the member `challenge` of a JSON object? Only 2xx counts. */
export function isChallengeAnswered({ status, body }: Pick<NetworkResponse, 'status' | 'body'>, challenge: string): boolean {
  if (status < 200 || status >= 300) return false;
  const text = Buffer.from(body).toString('utf8').trim();
  return text === challenge || memberOf(text) === challenge;
}

function memberOf(text: string): Json | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed['challenge'] : parsed === null ? null : undefined;
  } catch {
    return undefined;
  }
}
