import { checkHostName } from './check-host-name.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { egressRefused } from './egress-refused.ts';

/** The part of a URL that decides where a connection goes, as `URL` spells it. */
export interface EgressTarget {
  /** With the colon: `https:`. */
  readonly protocol: string;
  readonly hostname: string;
  /** Empty for the default of the protocol. */
  readonly port: string;
}

// The WHATWG parser drops tabs and line ends and reads a backslash as a slash: what a person saw is not what it connects to.
const misleading = /[\p{Cc}\s\\]/u;
// An encoded line end or NUL in a path has no honest use, and some servers decode it into their headers or logs.
const smuggling = /%0[0ad]/i;
const userinfo = /^[^:]*:\/*[^/?#]*@/;

/**
 * Parses a URL and checks all that can be known before its name is resolved: scheme, userinfo, port, name, literal address, fragment.
 * Throws `egress_refused`. Passing is no promise about the addresses behind the name: those are checked at each connection.
 */
export function checkEgressUrl(url: string | URL, policy: EgressPolicy): URL {
  const text = String(url);
  const parsed = misleading.test(text) ? null : URL.parse(text);
  if (parsed === null || smuggling.test(parsed.pathname)) throw egressRefused('url');
  if (userinfo.test(text)) throw egressRefused('userinfo');
  if (text.includes('#')) throw egressRefused('fragment');
  checkEgressTarget(parsed, policy);
  return parsed;
}

/** Checks scheme, port and host of one connection to be. Throws `egress_refused`. */
export function checkEgressTarget(target: EgressTarget, policy: EgressPolicy): void {
  const plain = target.protocol === 'http:';
  const open = policy.dangerouslyAllowPrivateNetworks === true || policy.loopbackOnly === true;
  if (target.protocol !== 'https:' && !(plain && (open || policy.allowHttp === true))) throw egressRefused('scheme');
  const port = target.port === '' ? (plain ? 80 : 443) : Number(target.port);
  const usual = port === 443 || (plain && port === 80) || policy.extraPorts?.includes(port) === true;
  if (port === 0 || !(open || usual)) throw egressRefused('port');
  checkHostName(target.hostname, policy);
}
