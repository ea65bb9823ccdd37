import type { Json } from '@patchbay/core';
import type { ProviderReply } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** One page of a listing, with the header by which GitHub names the next. */
export function pageOf(request: ProviderRequest, items: readonly Json[], wrap: (page: Json[]) => Json = (page) => page): ProviderReply {
  const size = Number(request.query.get('per_page') ?? 30);
  const number = Number(request.query.get('page') ?? 1);
  const next = new URLSearchParams(request.query);
  next.set('page', String(number + 1));
  const more = items.length > size * number;
  const headers = more ? { link: `<http://${request.headers['host']}${request.path}?${next}>; rel="next"` } : {};
  return {
    json: wrap(items.slice(size * (number - 1), size * number)),
    headers: { ...headers, 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999' },
  };
}

/** The fields of a JSON object; none of anything else. */
export const fieldsOf = ({ json }: Pick<ProviderRequest, 'json'>): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {};

/** A list of texts, whatever is there. */
export const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A refusal as GitHub words it. */
export const refusal = (status: number, message: string): ProviderReply => ({
  status,
  json: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** What is not there, or not shown. */
export const notFound = (): ProviderReply => refusal(404, 'Not Found');

/** A field that is missing or wrong. */
export const invalid = (resource: string, field: string, code = 'missing_field'): ProviderReply => ({
  status: 422,
  json: {
    message: 'Validation Failed',
    errors: [{ resource, field, code }],
    documentation_url: 'https://docs.github.com/rest',
    status: '422',
  },
});
