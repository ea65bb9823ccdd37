import type { PageRequest } from '../../connector/connector-http.ts';
import type { RequestPath } from '../../connector/path.ts';
import type { Schema } from '../../connector/schema.ts';
import type { RawRequest } from '../raw-request.ts';
import type { PageFields } from './next-page.ts';

/** The request of one page: what names it stands in the query, or in the body where pages are posted. Reading a page changes nothing either way. */
export function pageRequest<S extends Schema, Item>(
  path: RequestPath,
  { method = 'GET', query, headers, host, json }: Pick<PageRequest<S, Item>, 'method' | 'query' | 'headers' | 'host' | 'json'>,
  fields: PageFields,
): RawRequest {
  const common = { method, path, effect: 'read', ...(headers ? { headers } : {}), ...(host === undefined ? {} : { host }) } as const;
  if (method === 'GET') return { ...common, query: fields };
  const body = { contentType: 'application/json; charset=utf-8', text: JSON.stringify({ ...json, ...fields }) };
  return { ...common, body, ...(query ? { query } : {}) };
}
