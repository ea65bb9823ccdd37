import type { HttpAnswer } from '../connector/connector-http.ts';

/**
 * The query of the `Link: rel="next"` header (RFC 8288). Host and path of the link are never used: GitHub names the same listing by
 * another path there, and an answer must not say where the credential goes.
 */
export function nextLink(answer: Pick<HttpAnswer, 'headers'>): Readonly<Record<string, string>> | undefined {
  const { link } = answer.headers;
  if (typeof link !== 'string') return undefined;
  for (const part of link.split(/,(?=\s*<)/)) {
    const [, target, parameters] = /^\s*<([^>]*)>\s*;(.*)$/s.exec(part) ?? [];
    if (target === undefined || !isNext(parameters ?? '')) continue;
    const url = URL.parse(target, 'https://relative.invalid');
    if (url) return Object.fromEntries(url.searchParams);
  }
  return undefined;
}

function isNext(parameters: string): boolean {
  const relation = /(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(parameters);
  return (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/).includes('next');
}
