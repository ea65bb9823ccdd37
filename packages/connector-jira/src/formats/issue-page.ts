import type { Json } from '@patchbay/core';

/**
 * The page of an issue for a person. An answer's own address leads there for an API token; with OAuth it names Atlassian's API, and the site's name is
 * asked of the settings.
 */
export function issuePage(key: string, self: string, settings: Readonly<Record<string, Json>>): string {
  const url = URL.parse(self);
  if (url === null) return self;
  if (!url.pathname.startsWith('/ex/jira/')) return new URL(`/browse/${key}`, url).href;
  const { site } = settings;
  return typeof site === 'string' ? `https://${site}.atlassian.net/browse/${key}` : self;
}
