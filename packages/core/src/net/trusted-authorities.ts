import { getCACertificates } from 'node:tls';

/** PEM certificates of those that Node trusts, and of some more. */
export const trustedAuthorities = (more: readonly string[]): string[] => [...getCACertificates('default'), ...more];
