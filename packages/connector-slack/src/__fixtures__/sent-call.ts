import type { RecordedRequest } from '@patchbay/testing';

/** A call of Slack's Web API, whatever way its arguments were encoded. */
export interface SentCall {
  readonly method: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How arguments came: in the query of a GET, as JSON, or as a form. */
export type SentForm = 'GET query' | 'POST json' | 'POST form';

/** A recorded request as a call. A form and a query hold text only, so numbers and switches of JSON are written as text too. */
export function toSentCall({ path, body, headers }: Pick<RecordedRequest, 'path' | 'body' | 'headers'>): SentCall {
  const [method = '', query = ''] = path.split('?');
  if (headers['content-type']?.includes('json') === true) return { method, fields: asText(JSON.parse(body)) };
  return {
    method,
    fields: asText({ ...Object.fromEntries(new URLSearchParams(query)), ...Object.fromEntries(new URLSearchParams(body)) }),
  };
}

/** The form in which a recorded request has its arguments. */
export function formOf({ method, body, headers }: Pick<RecordedRequest, 'method' | 'body' | 'headers'>): SentForm | 'another' {
  const type = headers['content-type'] ?? '';
  if (method === 'GET') return body === '' && type === '' ? 'GET query' : 'another';
  if (type === 'application/json; charset=utf-8') return 'POST json';
  return type.startsWith('application/x-www-form-urlencoded') ? 'POST form' : 'another';
}

function asText(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(value)]));
}

/** A structure as JSON whose names are in order, also where a form has it as text: the order says nothing. */
function textOf(value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(inOrder(value));
  const text = String(value);
  return /^[[{]/.test(text) ? JSON.stringify(inOrder(JSON.parse(text))) : text;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, inOrder(each)]),
  );
}
