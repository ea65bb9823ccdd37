import type { HostDeclaration } from './host-declaration.ts';

const nameShape = /^[a-z][A-Za-z0-9]{0,63}$/;
const originShape = /^https?:\/\/[A-Za-z0-9.{}_:[\]-]+$/;
const basePathShape = /^(\/(?!\.{1,2}(\/|$))([A-Za-z0-9._~-]+|\{[a-z][A-Za-z0-9]*\}))+$/;
const allowedShape = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** What is wrong with the declared hosts of a connector; `undefined` for nothing. */
export function hostFault(definition: {
  readonly hosts?: Readonly<Record<string, HostDeclaration>>;
  readonly allowedHosts?: readonly string[];
  readonly http2?: boolean;
}): string | undefined {
  const { hosts = {}, allowedHosts, http2 } = definition;
  for (const [name, host] of Object.entries(hosts)) {
    if (!nameShape.test(name)) return 'a name in its hosts must be letters and digits, beginning with a small letter';
    if (typeof host?.origin !== 'string' || !originShape.test(host.origin))
      return `the origin of its host ${name} must be a scheme and a host`;
    if (host.basePath !== undefined && !basePathShape.test(host.basePath))
      return `the basePath of its host ${name} must be segments with a leading slash and no trailing one`;
    if (!['undefined', 'boolean'].includes(typeof host.credential)) return `the credential of its host ${name} is true or false`;
  }
  if (allowedHosts !== undefined && !(Array.isArray(allowedHosts) && allowedHosts.length > 0 && allowedHosts.every(isAllowedShape)))
    return 'its allowedHosts must be names such as api.example.com or *.example.com';
  return ['undefined', 'boolean'].includes(typeof http2) ? undefined : 'its http2 is true or false';
}

const isAllowedShape = (host: unknown): boolean => typeof host === 'string' && allowedShape.test(host);
