import { PatchbayError } from '../errors/patchbay-error.ts';

/** What is wrong with the metadata of an authorization server. */
export type MetadataFault = 'missing' | 'issuer' | 'endpoint' | 'origin';

const messages: Readonly<Record<MetadataFault, string>> = {
  missing: 'There are no metadata of an authorization server at the issuer. Check the issuer, or name its addresses.',
  issuer: 'The metadata at the issuer are those of another one. Write the issuer exactly as its server does.',
  endpoint: 'The metadata at the issuer lack an address that is needed, or name one that cannot be used. Tell whoever runs its server.',
  origin:
    "The metadata at the issuer name addresses elsewhere, and the host's secret goes nowhere that a tenant can choose. Put an app of the tenant's own.",
};

/** The error for metadata that cannot be used; `details.reason` says why. Nothing of them is repeated. */
export const metadataInvalid = (reason: MetadataFault): PatchbayError =>
  new PatchbayError({ code: 'response_invalid', message: messages[reason], details: { reason } });
