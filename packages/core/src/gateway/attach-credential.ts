import type { AuthMethod, Credential } from '../connector/auth-method.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** What a credential adds to the finished request. */
export interface Attachment {
  /** Lower-case name and value, or none. */
  readonly header: readonly [string, string] | null;
  /** Query parameter, or none. */
  readonly query: readonly [string, string] | null;
}

/** Works out what to attach. Throws `credential_missing` where the connector does not take this kind. */
export function attachmentOf(methods: readonly AuthMethod[], credential: Credential): Attachment {
  const method = methods.find((each) => each.type === credential.type);
  if (!method) throw notTaken(credential);
  switch (credential.type) {
    case 'none':
      return { header: null, query: null };
    case 'bearer':
      return { header: ['authorization', `Bearer ${credential.token}`], query: null };
    case 'oauth2':
      return { header: ['authorization', `Bearer ${credential.accessToken}`], query: null };
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return { header: ['authorization', `Basic ${pair}`], query: null };
    }
    case 'api_key': {
      if (method.type !== 'api_key') throw notTaken(credential);
      return method.in === 'header'
        ? { header: [method.name.toLowerCase(), credential.key], query: null }
        : { header: null, query: [method.name, credential.key] };
    }
  }
}

function notTaken({ type }: Credential): PatchbayError {
  return new PatchbayError({
    code: 'credential_missing',
    message: `The connector takes no credential of type ${type}. Put the connection again.`,
    sent: 'no',
  });
}
