import type { RecordedRequest } from '@patchbay/testing';

/** A call of Slack's Web API, whatever way its arguments were encoded. */
export interface SentCall {
  readonly method: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A recorded request as a call. A form and a query hold text only, so numbers and switches of JSON are written as text too. */
export function toSentCall({ path, body, headers }: Pick<RecordedRequest, 'path' | 'body' | 'headers'>): SentCall {
  const [method = '', query = ''] = path.split('?');
  if (headers['content-type']?.includes('json') === true) return { method, fields: asText(JSON.parse(body)) };
  return {
    method,
    fields: asText({ ...Object.fromEntries(new URLSearchParams(query)), ...Object.fromEntries(new URLSearchParams(body)) }),
  };
}

function asText(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}
