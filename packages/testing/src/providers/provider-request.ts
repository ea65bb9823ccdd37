import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request as a stand-in's handler sees it. */
export interface ProviderRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Values of a route's `:name` segments, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The parsed body; undefined where it is not JSON. */
  readonly json: unknown;
}

/** A request as the log keeps it. */
export interface RecordedRequest {
  /** Counts from 1, in the order of arrival. */
  readonly number: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Values of credential headers are replaced by {@link hashCredential}. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the service would know a repeat by: its header, or where the connector puts its own. */
  readonly idempotencyKey: string | undefined;
  /** Did the request change something here? Two with the same key are a duplicate; one with and one without are a retry. */
  readonly effect: boolean;
  /** What was answered; undefined where nothing was. */
  readonly status: number | undefined;
  /** The kind of the scripted fault that it met. */
  readonly fault: string | undefined;
}

const credentialHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'private-token']);

/** How the log shows a credential: equal ones look equal, and none can be read. */
export function hashCredential(value: string): string {
  return `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 32)}`;
}

/** Headers with single values, as most services read them. */
export function flattenHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]));
}

/** Headers as the log keeps them. */
export function hideCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, credentialHeaders.has(name) ? hashCredential(value) : value]),
  );
}

/** Reads a request's body to its end. */
export async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** JSON, or undefined where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
