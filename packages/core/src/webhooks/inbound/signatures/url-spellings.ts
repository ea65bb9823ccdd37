import type { UrlSpelling } from '../../../connector/signature/signed-content.ts';

// developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests: these escapes are undone before signing.
const undone: ReadonlyMap<string, string> = new Map(
  [...":/?@!$'()*,;"].map((character) => [`%${character.charCodeAt(0).toString(16).toUpperCase()}`, character]),
);
const standardPorts: ReadonlyMap<string, string> = new Map([
  ['https:', '443'],
  ['http:', '80'],
]);

/** The spellings of a URL under which a service may have signed it, its own first; at most four. */
export function urlSpellings(url: string, spelling: UrlSpelling): readonly string[] {
  if (spelling === 'exact') return [url];
  if (spelling === 'hubspot') return [url.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) => undone.get(code.toUpperCase()) ?? code)];
  // github.com/twilio/twilio-node, validateRequest: with and without the port. A web `Request` spells an apostrophe in a query as %27.
  const spellings = [url, withStandardPort(url)];
  return [...spellings, ...spellings.map((each) => each.replaceAll('%27', "'"))].filter((each, index, all) => all.indexOf(each) === index);
}

function withStandardPort(url: string): string {
  const { protocol, host, port, origin } = new URL(url);
  const standard = standardPorts.get(protocol);
  return port !== '' || standard === undefined ? url : `${protocol}//${host}:${standard}${url.slice(origin.length)}`;
}
